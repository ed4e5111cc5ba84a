using System.Net;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Mcp;

public sealed class ToolScopeTests
{
    private static readonly (string, string?)[] EchoNeedsAlerts =
    [
        ("Gateway:Policies:ToolScopes:0:Target", "wea*"),
        ("Gateway:Policies:ToolScopes:0:Tool", "ec*"),
        ("Gateway:Policies:ToolScopes:0:Scopes", "weather:alerts"),
    ];

    [Theory]
    [InlineData("/mcp", "weather___echo")]
    [InlineData("/mcp/weather", "echo")]
    public async Task A_call_without_the_tools_scope_is_told_every_scope_it_needs_and_succeeds_with_them(
        string path,
        string tool
    )
    {
        await using var host = await GatewayHost.StartAsync(settings: EchoNeedsAlerts);
        using var client = await host.CreateReadyClientAsync();

        var refused = await client.SendAsync(path, McpRequests.CallTool(tool), host.Token());
        var allowed = await client.SendAsync(
            path,
            McpRequests.CallTool(tool),
            host.Token((_, payload) => payload["scope"] = "mcp:tools weather:alerts")
        );

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Challenge.ShouldContain("error=\"insufficient_scope\"");
        refused.Challenge.ShouldContain("scope=\"mcp:tools weather:alerts\"");
        refused.Json.GetProperty("id").GetInt32().ShouldBe(7);
        allowed.Status.ShouldBe(HttpStatusCode.OK);
        host.Target.Calls().ShouldHaveSingleItem();
        host.Audit()
            .Select(static record => record.GetProperty("reason").GetString())
            .ShouldBe(["insufficient_scope", "ok"]);
    }

    [Fact]
    public async Task Other_tools_need_no_more_than_before()
    {
        await using var host = await GatewayHost.StartAsync(
            settings: [.. EchoNeedsAlerts, ("Gateway:Policies:ToolScopes:0:Tool", "Echo")]
        );
        using var client = await host.CreateReadyClientAsync();

        (await client.SendAsync("/mcp/weather", McpRequests.CallTool("echo"), host.Token())).Status.ShouldBe(
            HttpStatusCode.OK
        );
    }

    [Theory]
    [InlineData("/mcp", "true", "mcp:tools", 1)]
    [InlineData("/mcp", "false", "mcp:tools", 0)]
    [InlineData("/mcp", "false", "mcp:tools weather:alerts", 1)]
    [InlineData("/mcp/weather", "true", "mcp:tools", 1)]
    [InlineData("/mcp/weather", "false", "mcp:tools", 0)]
    [InlineData("/mcp/weather", "false", "mcp:tools weather:alerts", 1)]
    public async Task A_setting_says_whether_tools_are_listed_before_the_step_up(
        string path,
        string listed,
        string scopes,
        int count
    )
    {
        await using var host = await GatewayHost.StartAsync(
            settings: [.. EchoNeedsAlerts, ("Gateway:Policies:ListToolsBeforeStepUp", listed)]
        );
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync(
            path,
            McpRequests.ListTools,
            host.Token((_, payload) => payload["scope"] = scopes)
        );

        answer.Result.GetProperty("tools").GetArrayLength().ShouldBe(count);
    }
}
