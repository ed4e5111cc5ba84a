using System.Net;
using System.Text;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Mcp;

/// <summary>What is refused before a target could see it, on both routes.</summary>
public sealed class EdgeTests
{
    [Theory]
    [InlineData("/mcp", "{", 400, -32700)]
    [InlineData("/mcp/weather", "{", 400, -32700)]
    [InlineData("/mcp", "[]", 400, -32600)]
    [InlineData("/mcp/weather", "[]", 400, -32600)]
    [InlineData(
        "/mcp",
        """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"NAME":"weather___echo"}}""",
        400,
        -32600
    )]
    [InlineData(
        "/mcp/weather",
        """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"NAME":"echo"}}""",
        400,
        -32600
    )]
    [InlineData(
        "/mcp",
        """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"nowhere___echo"}}""",
        200,
        -32602
    )]
    [InlineData("/mcp", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo"}}""", 200, -32602)]
    [InlineData("/mcp/nowhere", """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""", 404, -32001)]
    public async Task Bad_input_gets_an_answer_that_says_what_to_do_and_reaches_no_target(
        string path,
        string body,
        int status,
        int code
    )
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync(path, body, host.Token());

        ((int)answer.Status).ShouldBe(status);
        answer.Error.GetProperty("code").GetInt32().ShouldBe(code);
        answer.Error.GetProperty("message").GetString()!.Length.ShouldBeGreaterThan(20);
        host.Target.Requests.ShouldBeEmpty();
        host.Audit().ShouldHaveSingleItem().GetProperty("decision").GetString().ShouldBe("refused");
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/mcp/weather")]
    public async Task A_body_over_the_limit_is_refused_and_one_at_the_limit_is_not(string path)
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Gateway:Mcp:MaxRequestBytes", "2048"));
        using var client = await host.CreateReadyClientAsync();
        var name = path == "/mcp" ? "weather___echo" : "echo";
        var empty = McpRequests.CallTool(name, """{"t":""}""");
        var fitting = McpRequests.CallTool(name, $$"""{"t":"{{new string('x', 2048 - empty.Length)}}"}""");

        var fits = await client.SendAsync(path, fitting, host.Token());
        var tooLarge = await client.SendAsync(path, fitting + " ", host.Token());
        using var unknownLength = McpRequests.Post(path, fitting + " ", host.Token());
        unknownLength.Headers.TransferEncodingChunked = true;
        var chunked = await client.ReadAsync(unknownLength);

        fits.Status.ShouldBe(HttpStatusCode.OK);
        tooLarge.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        tooLarge.Reason.ShouldBe("too_large");
        chunked.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        host.Target.Calls().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_that_is_not_declared_as_json_is_refused(string type)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        using var request = McpRequests.Post("/mcp", McpRequests.ListTools, host.Token());
        request.Content = new StringContent(McpRequests.ListTools, Encoding.UTF8, type);

        (await client.ReadAsync(request)).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("http://gateway.test.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://inspector.test", HttpStatusCode.OK)]
    [InlineData("http://gateway.test", HttpStatusCode.OK)]
    public async Task Pages_of_foreign_origins_are_refused_before_their_token_is_looked_at(
        string origin,
        HttpStatusCode status
    )
    {
        await using var host = await GatewayHost.StartAsync(
            settings: ("Gateway:Inbound:AllowedOrigins:0", "http://inspector.test")
        );
        using var client = await host.CreateReadyClientAsync();
        using var request = McpRequests.Post("/mcp", McpRequests.ListTools, host.Token());
        request.Headers.Add("Origin", origin);
        using var anonymous = McpRequests.Post("/mcp", McpRequests.ListTools, token: null);
        anonymous.Headers.Add("Origin", origin);

        (await client.ReadAsync(request)).Status.ShouldBe(status);
        (await client.ReadAsync(anonymous)).Status.ShouldBe(
            status == HttpStatusCode.OK ? HttpStatusCode.Unauthorized : status
        );
    }

    [Theory]
    [InlineData("http://evil.example/mcp", HttpStatusCode.BadRequest)]
    [InlineData("http://gateway.test/mcp", HttpStatusCode.OK)]
    public async Task A_host_name_that_is_not_ours_is_refused(string url, HttpStatusCode status)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();

        (await client.SendAsync(url, McpRequests.ListTools, host.Token())).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("/mcp", "Mcp-Method", "tools/list")]
    [InlineData("/mcp", "Mcp-Name", "safe")]
    [InlineData("/mcp/weather", "Mcp-Name", "safe")]
    [InlineData("/mcp/weather", "Mcp-Name", "=?base64?c2FmZQ==?=")]
    [InlineData("/mcp/weather", "Mcp-Method", "TOOLS/CALL")]
    public async Task Headers_that_disagree_with_the_body_are_refused_whatever_revision_is_claimed(
        string path,
        string header,
        string value
    )
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var name = path == "/mcp" ? "weather___echo" : "echo";
        using var lying = McpRequests.Post(path, McpRequests.CallTool(name), host.Token());
        lying.Headers.Add(header, value);
        using var honest = McpRequests.Post(path, McpRequests.CallTool(name), host.Token());
        honest.Headers.Add("Mcp-Method", "tools/call");
        honest.Headers.Add("Mcp-Name", name);

        var refused = await client.ReadAsync(lying);
        var accepted = await client.ReadAsync(honest);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Error.GetProperty("code").GetInt32().ShouldBe(-32020);
        accepted.Status.ShouldBe(HttpStatusCode.OK);
        host.Target.Calls().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Nothing_is_called_while_the_audit_record_cannot_be_written()
    {
        var folder = Directory.CreateTempSubdirectory("audit-");
        var blocked = Path.Combine(folder.FullName, "file");
        await File.WriteAllTextAsync(blocked, "", TestContext.Current.CancellationToken);
        await using var host = await GatewayHost.StartAsync(
            settings: ("Gateway:Audit:Path", Path.Combine(blocked, "audit"))
        );
        using var client = await host.CreateReadyClientAsync();

        var refused = await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());
        File.Delete(blocked);
        var accepted = await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());

        refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Reason.ShouldBe("audit_unwritable");
        accepted.Status.ShouldBe(HttpStatusCode.OK);
        host.Target.Calls().ShouldHaveSingleItem();
        host.Logs.Text.ShouldContain("Gateway:Audit:Path");
    }
}
