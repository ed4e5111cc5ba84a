using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AspireGateway.Gateway.Tests.Hosting;

/// <summary>Sends raw MCP requests and reads what came back.</summary>
internal static class McpRequests
{
    public const string ListTools = """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""";

    public static string CallTool(string name, string arguments = """{"text":"hi"}""") =>
        $$$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"{{{name}}}","arguments":{{{arguments}}}}}""";

    /// <summary>A POST with the headers that every client sends.</summary>
    public static HttpRequestMessage Post(string path, string body, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        return request;
    }

    public static async Task<McpAnswer> SendAsync(this HttpClient client, string path, string body, string? token)
    {
        using var request = Post(path, body, token);
        return await client.ReadAsync(request);
    }

    public static async Task<McpAnswer> ReadAsync(this HttpClient client, HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new McpAnswer(
            response.StatusCode,
            response.Headers,
            response.Content.Headers.ContentType?.MediaType,
            text
        );
    }
}

/// <summary>An answer with its JSON-RPC message, whether it came as JSON or as an event stream.</summary>
internal sealed record McpAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, string Text)
{
    public string Challenge =>
        Headers.TryGetValues("WWW-Authenticate", out var values) ? string.Join(", ", values) : "";

    public JsonElement Json
    {
        get
        {
            var data = Text.Split('\n')
                .LastOrDefault(static line => line.StartsWith("data:", StringComparison.Ordinal));
            return JsonDocument.Parse(data is null ? Text : data["data:".Length..]).RootElement;
        }
    }

    public JsonElement Result =>
        Json.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(Text);

    public JsonElement Error => Json.GetProperty("error");

    /// <summary>The stable code of a refusal.</summary>
    public string? Reason =>
        Error.TryGetProperty("data", out var data) && data.TryGetProperty("reason", out var reason)
            ? reason.GetString()
            : null;
}
