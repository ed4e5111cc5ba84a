using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>HTTP requests of one session with a target (MCP, Streamable HTTP).</summary>
internal sealed class TargetHttp(Target target, HttpClient http, TargetSession session)
{
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    public Target Target => target;

    public TargetSession Session => session;

    /// <summary>Posts a message; what it is about is repeated in headers.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        ReadOnlyMemory<byte> body,
        UpstreamCall? call,
        CancellationToken cancel
    )
    {
        using var request = Create(HttpMethod.Post, "application/json, text/event-stream");
        request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = JsonType } };
        if (call is not null)
        {
            Describe(request.Headers, call);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    /// <summary>Opens the stream of what belongs to no request, or takes up one after an event.</summary>
    public async Task<HttpResponseMessage> ListenAsync(string? lastEventId, CancellationToken cancel)
    {
        using var request = Create(HttpMethod.Get, "text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    /// <summary>Reads a body that is one message.</summary>
    /// <exception cref="IOException">It is too large.</exception>
    /// <exception cref="JsonException">It is not a JSON object.</exception>
    public static async Task<JsonObject> ReadMessageAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var stream = new BoundedStream(await response.Content.ReadAsStreamAsync(cancel));
        return await JsonNode.ParseAsync(stream, cancellationToken: cancel) as JsonObject
            ?? throw new JsonException("The target answered with JSON that is no message.");
    }

    private HttpRequestMessage Create(HttpMethod method, string accept)
    {
        var request = new HttpRequestMessage(method, target.Url);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", session.Version);
        if (session.Id is { } id)
        {
            request.Headers.TryAddWithoutValidation("Mcp-Session-Id", id);
        }

        return request;
    }

    private static void Describe(HttpRequestHeaders headers, UpstreamCall call)
    {
        headers.TryAddWithoutValidation("Mcp-Method", call.Method);
        var name = call.Method switch
        {
            "tools/call" or "prompts/get" => call.Parameters["name"],
            "resources/read" => call.Parameters["uri"],
            _ => null,
        };
        if (name is not null)
        {
            headers.TryAddWithoutValidation("Mcp-Name", McpHeaderValue.Encode(name.ToString()));
        }

        foreach (var (header, value) in call.ParameterHeaders)
        {
            headers.TryAddWithoutValidation(header, value);
        }
    }
}
