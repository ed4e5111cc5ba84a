using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace AspireGateway.SampleMcpServer.Tests.Everything;

/// <summary>Log messages go to callers that want them.</summary>
public sealed class LogTests(EverythingFixture server) : IClassFixture<EverythingFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_that_set_the_level_hears_three_messages()
    {
        var listener = new TalkativeClient();
        await using var client = await server.ConnectAsAsync(listener.Options("2025-06-18"), Cancel);
        await client.SetLoggingLevelAsync(LoggingLevel.Debug, cancellationToken: Cancel);

        await client.CallToolAsync("test_tool_with_logging", cancellationToken: Cancel);

        ((string?)(await listener.NextAsync(Cancel)).Params!["data"]).ShouldBe("Tool execution started");
        ((string?)(await listener.NextAsync(Cancel)).Params!["data"]).ShouldBe("Tool processing data");
        ((string?)(await listener.NextAsync(Cancel)).Params!["data"]).ShouldBe("Tool execution completed");
    }

    [Theory]
    [InlineData("debug", 3)]
    [InlineData("info", 3)]
    [InlineData("error", 0)]
    [InlineData(null, 0)]
    public async Task A_request_says_by_itself_what_it_wants_to_hear(string? level, int heard)
    {
        JsonObject meta = new()
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };
        if (level is not null)
        {
            meta["io.modelcontextprotocol/logLevel"] = level;
        }

        var stream = await CallAsync(meta);

        stream.Split("notifications/message").Length.ShouldBe(heard + 1);
        stream.ShouldContain("The log messages were offered.");
    }

    // By hand: the SDK's client takes the level out of every request.
    private async Task<string> CallAsync(JsonObject meta)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url, "/mcp"));
        request.Content = JsonContent.Create(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = 1,
                ["method"] = "tools/call",
                ["params"] = new JsonObject { ["name"] = "test_logging_tool", ["_meta"] = meta },
            }
        );
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", "test_logging_tool");
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var response = await http.SendAsync(request, Cancel);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
