using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Mcp.Conversation;

/// <summary>A client of 2025-11-25 with a session, that reads its streams message by message.</summary>
internal sealed class OlderClient(HttpClient http, string token, string session)
{
    public const string Everything =
        """{"elicitation":{"form":{},"url":{}},"sampling":{"tools":{}},"roots":{"listChanged":true}}""";

    public string Session => session;

    public static async Task<OlderClient> StartAsync(HttpClient http, string token, string capabilities = Everything)
    {
        var initialize =
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":"""
            + capabilities
            + ""","clientInfo":{"name":"old","version":"1"}}}""";
        var answer = await http.SendAsync("/mcp", initialize, token);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return new OlderClient(http, token, answer.Headers.GetValues("Mcp-Session-Id").Single());
    }

    /// <summary>Calls the talking tool and leaves its stream open.</summary>
    public Task<OpenStream> CallAsync(string id = "7", string meta = "{}", string arguments = "{}") =>
        OpenAsync(
            $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"talk___talk","arguments":{{{arguments}}},"_meta":{{{meta}}}}}"""
        );

    /// <summary>Sends a message and reads its answer.</summary>
    public async Task<McpAnswer> SendAsync(string body)
    {
        using var request = Post(body);
        return await http.ReadAsync(request);
    }

    /// <summary>Answers a request of the server.</summary>
    public Task<McpAnswer> AnswerAsync(JsonElement asked, string result) =>
        SendAsync($$"""{"jsonrpc":"2.0","id":{{asked.GetProperty("id").GetRawText()}},"result":{{result}}}""");

    /// <summary>Opens the stream for what belongs to no request.</summary>
    public Task<OpenStream> ListenAsync()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        request.Headers.Add("Mcp-Session-Id", session);
        return OpenStream.OpenAsync(http, request);
    }

    public Task<OpenStream> OpenAsync(string body) => OpenStream.OpenAsync(http, Post(body));

    private HttpRequestMessage Post(string body)
    {
        var request = McpRequests.Post("/mcp", body, token);
        request.Headers.Add("Mcp-Session-Id", session);
        return request;
    }
}

/// <summary>An event stream that is read message by message.</summary>
internal sealed class OpenStream(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<OpenStream> OpenAsync(HttpClient http, HttpRequestMessage request)
    {
        var cancel = TestContext.Current.CancellationToken;
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        return new OpenStream(response, new StreamReader(await response.Content.ReadAsStreamAsync(cancel)));
    }

    /// <summary>The next message.</summary>
    public async Task<JsonElement> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var all = "";
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line["data:".Length..]).RootElement;
            }

            all += line;
        }

        return JsonNode.Parse(all)?.AsObject() is { } whole
            ? JsonSerializer.SerializeToElement(whole)
            : throw new InvalidOperationException("The stream ended.");
    }

    /// <summary>The next message, which must be a request or notification of this method.</summary>
    public async Task<JsonElement> NextAsync(string method)
    {
        var message = await NextAsync();
        message.TryGetProperty("method", out var actual).ShouldBeTrue(message.GetRawText());
        actual.GetString().ShouldBe(method);
        return message;
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
