using System.Net;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>The same for clients of 2025-11-25: a session, error -32042, and word of the answer on its stream.</summary>
public sealed class LegacyTests
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{"url":{}}},"clientInfo":{"name":"old","version":"1"}}}""";

    private const string InitializeWithoutLinks =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"old","version":"1"}}}""";

    [Theory]
    [InlineData("/mcp", "notes___echo")]
    [InlineData("/mcp/notes", "echo")]
    public async Task The_call_is_answered_with_the_link_and_the_stream_says_when_to_repeat_it(string path, string tool)
    {
        await using var host = await ConsentHost.StartAsync();
        var session = await StartAsync(host, path, Initialize);
        (await SendAsync(host, path, McpRequests.ListTools, session))
            .Result.GetProperty("tools")
            .GetArrayLength()
            .ShouldBeGreaterThan(0);

        var asked = await SendAsync(host, path, McpRequests.CallTool(tool), session);
        asked.Error.GetProperty("code").GetInt32().ShouldBe(-32042);
        var elicitation = asked.Error.GetProperty("data").GetProperty("elicitations")[0];
        elicitation.GetProperty("mode").GetString().ShouldBe("url");

        using var stream = await OpenStreamAsync(host, path, session);
        await ConsentHost.ConsentAsync(host.Browser(), new Uri(elicitation.GetProperty("url").GetString()!));
        var told = await ReadEventAsync(stream);
        told.ShouldContain("notifications/elicitation/complete");
        told.ShouldContain(elicitation.GetProperty("elicitationId").GetString()!);

        var answer = await SendAsync(host, path, McpRequests.CallTool(tool), session);
        answer.Result.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("""{"text":"hi"}""");
    }

    [Fact]
    public async Task A_client_that_did_not_declare_links_gets_words()
    {
        await using var host = await ConsentHost.StartAsync();
        var session = await StartAsync(host, "/mcp", InitializeWithoutLinks);

        var answer = await SendAsync(host, "/mcp", McpRequests.CallTool("notes___echo"), session);

        answer.Result.GetProperty("isError").GetBoolean().ShouldBeTrue();
        answer.Text.ShouldContain("/connections");
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/mcp/notes")]
    public async Task A_session_is_its_owners_and_ends_when_they_say_so(string path)
    {
        await using var host = await ConsentHost.StartAsync();
        var session = await StartAsync(host, path, Initialize);

        var other = await SendAsync(host, path, McpRequests.ListTools, session, host.Token("user-2"));
        other.Status.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync(host, path, McpRequests.ListTools, "invented")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync(host, path, McpRequests.ListTools, session)).Status.ShouldBe(HttpStatusCode.OK);

        using var end = With(new HttpRequestMessage(HttpMethod.Delete, path), session, host.Token());
        using var ended = await host.Client.SendAsync(end, TestContext.Current.CancellationToken);
        ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync(host, path, McpRequests.ListTools, session)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<string> StartAsync(ConsentHost host, string path, string initialize)
    {
        var answer = await host.Client.SendAsync(path, initialize, host.Token());
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private static async Task<McpAnswer> SendAsync(
        ConsentHost host,
        string path,
        string body,
        string session,
        string? token = null
    )
    {
        using var request = McpRequests.Post(path, body, token ?? host.Token());
        request.Headers.Add("Mcp-Session-Id", session);
        return await host.Client.ReadAsync(request);
    }

    private static async Task<StreamReader> OpenStreamAsync(ConsentHost host, string path, string session)
    {
        var request = With(new HttpRequestMessage(HttpMethod.Get, path), session, host.Token());
        request.Headers.Accept.ParseAdd("text/event-stream");
        var response = await host.Client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<string> ReadEventAsync(StreamReader stream)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (await stream.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                return line;
            }
        }

        return "the stream ended";
    }

    private static HttpRequestMessage With(HttpRequestMessage request, string session, string token)
    {
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return request;
    }
}
