using System.Net;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Mcp;

public sealed class AggregateTests
{
    private const string ModernList =
        """{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""";

    [Fact]
    public async Task Tools_are_listed_under_their_target_with_every_member_that_the_target_gave()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();

        var tool = (await client.SendAsync("/mcp", McpRequests.ListTools, host.Token())).Result.GetProperty("tools")[0];

        tool.GetProperty("name").GetString().ShouldBe("weather___echo");
        tool.GetProperty("x-unknown").GetProperty("kept").GetBoolean().ShouldBeTrue();
        host.Target.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_for_a_modern_client_says_how_long_and_by_whom_it_may_be_kept()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        using var request = McpRequests.Post("/mcp", ModernList, host.Token());
        request.Headers.Remove("MCP-Protocol-Version");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/list");

        var result = (await client.ReadAsync(request)).Result;

        result.GetProperty("resultType").GetString().ShouldBe("complete");
        result.GetProperty("cacheScope").GetString().ShouldBe("private");
        result.GetProperty("ttlMs").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_call_reaches_its_target_under_its_own_name_and_the_result_comes_back_whole()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync(
            "/mcp",
            McpRequests.CallTool("weather___echo", """{"city":"Lisbon"}"""),
            host.Token()
        );

        answer.Result.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("""{"city":"Lisbon"}""");
        answer.Result.GetProperty("x-unknown").GetProperty("kept").GetRawText().ShouldBe("1.50");
        host.Target.Calls().ShouldHaveSingleItem().Text.ShouldContain("\"name\":\"echo\"");
        var record = host.Audit().ShouldHaveSingleItem();
        record.GetProperty("decision").GetString().ShouldBe("allowed");
        record.GetProperty("reason").GetString().ShouldBe("ok");
        record.GetProperty("user").GetString().ShouldBe("corp:user-1");
        record.GetProperty("client").GetString().ShouldBe("test-client");
        record.GetProperty("target").GetString().ShouldBe("weather");
        record.GetProperty("name").GetString().ShouldBe("echo");
    }

    [Fact]
    public async Task An_error_of_the_target_comes_back_as_it_is()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = async (context, request) =>
        {
            if (!request.Text.Contains("tools/call", StringComparison.Ordinal))
            {
                return false;
            }

            var id = System.Text.Json.Nodes.JsonNode.Parse(request.Text)!["id"]!.ToJsonString();
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32602,"message":"no such city"}}""",
                context.RequestAborted
            );
            return true;
        };

        var answer = await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());

        answer.Error.GetProperty("code").GetInt32().ShouldBe(-32602);
        answer.Error.GetProperty("message").GetString().ShouldBe("no such city");
        host.Audit().ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("target_error");
    }

    [Fact]
    public async Task A_target_that_is_down_stays_listed_and_only_its_calls_fail()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var port = new Uri(host.Target.BaseUrl).Port;
        await host.Target.StopAsync();

        var list = await client.SendAsync("/mcp", McpRequests.ListTools, host.Token());
        var failed = await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());
        await host.Target.StartAsync(port);
        var recovered = await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());

        list.Result.GetProperty("tools").GetArrayLength().ShouldBe(1);
        failed.Status.ShouldBe(HttpStatusCode.OK);
        failed.Error.GetProperty("code").GetInt32().ShouldBe(-32002);
        failed.Error.GetProperty("message").GetString()!.ShouldContain("weather");
        recovered.Result.GetProperty("content").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_target_that_hangs_is_cut_off_at_its_timeout()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(
            time: time,
            settings: ("Gateway:Targets:weather:Timeout", "00:00:00.200")
        );
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = static async (context, request) =>
        {
            if (request.Member("method") is not "\"tools/call\"")
            {
                return false;
            }

            await context.UntilLeftAsync();
            return true;
        };

        var call = client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());
        await Eventually.HoldsAsync(() => host.Target.Calls().Any());
        time.Advance(TimeSpan.FromMilliseconds(200));
        var answer = await call;

        answer.Error.GetProperty("code").GetInt32().ShouldBe(-32002);
        host.Audit().ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("target_timeout");
    }

    [Fact]
    public async Task Identity_and_credentials_of_the_client_never_reach_a_target()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var token = host.Token();
        foreach (var (path, name) in new[] { ("/mcp", "weather___echo"), ("/mcp/weather", "echo") })
        {
            using var request = McpRequests.Post(path, McpRequests.CallTool(name), token);
            request.Headers.Add("Cookie", "session=stolen");
            request.Headers.Add("X-Forwarded-User", "admin");
            request.Headers.Add("X_Forwarded_User", "admin");
            request.Headers.Add("X-Api-Key", "key");
            request.Headers.Add("Proxy-Authorization", "Basic abc");
            request.Headers.Add("Mcp-Param-City", "Lisbon");
            request.Headers.Add("baggage", "user=admin");
            (await client.ReadAsync(request)).Status.ShouldBe(HttpStatusCode.OK);
        }

        var calls = host.Target.Calls().ToList();
        calls.Count.ShouldBe(2);
        foreach (var call in calls)
        {
            call.Headers.Keys.Intersect(
                    [
                        "Authorization",
                        "Cookie",
                        "X-Forwarded-User",
                        "X_Forwarded_User",
                        "X-Api-Key",
                        "Proxy-Authorization",
                        "baggage",
                    ],
                    StringComparer.OrdinalIgnoreCase
                )
                .ShouldBeEmpty();
            call.Text.ShouldNotContain(token);
            call.Headers.ContainsKey("traceparent").ShouldBeTrue();
        }

        calls[1].Headers["Mcp-Param-City"].ShouldBe("Lisbon");
    }
}
