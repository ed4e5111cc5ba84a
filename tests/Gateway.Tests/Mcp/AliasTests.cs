using System.Net;
using AspireGateway.Gateway.Tests.Admin;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;

namespace AspireGateway.Gateway.Tests.Mcp;

/// <summary>Tools whose names are too long for some clients.</summary>
public sealed class AliasTests
{
    private const string Long = "a_tool_whose_name_says_very_much_about_what_it_does_and_how_and_why";

    [Fact]
    public async Task A_long_name_is_reported_and_its_alias_can_be_called_like_itself()
    {
        await using var host = await StartAsync();
        using var client = await host.CreateReadyClientAsync();

        var names = (await host.AdminAsync(HttpMethod.Get, "/targets/weather")).Json["longNames"]!.AsArray();
        var alias = names.ShouldHaveSingleItem()!["alias"]!.GetValue<string>();
        var whole = names[0]!["name"]!.GetValue<string>();
        foreach (var name in new[] { alias, whole })
        {
            _ = (await client.SendAsync("/mcp", McpRequests.CallTool(name), host.Token())).Result;
        }

        whole.ShouldBe("weather___" + Long);
        alias.Length.ShouldBe(64);
        alias.ShouldStartWith("weather___a_tool_whose");
        host.Target.Calls().Count().ShouldBe(2);
        host.Target.Calls().ShouldAllBe(static call => call.Text.Contains($"\"{Long}\"", StringComparison.Ordinal));
        host.Audit()[^1].GetProperty("name").GetString().ShouldBe(Long);
        host.Logs.Text.ShouldContain("longer than 64 characters");
    }

    [Theory]
    [InlineData("false", "weather___" + Long)]
    [InlineData("true", "weather___a_tool_whose_name_says_very_much_about_what_it_does_")]
    public async Task A_setting_says_which_of_the_two_is_listed(string listAliases, string start)
    {
        await using var host = await StartAsync(("Gateway:Mcp:ListAliases", listAliases));
        using var client = await host.CreateReadyClientAsync();

        var tools = (await client.SendAsync("/mcp", McpRequests.ListTools, host.Token())).Result.GetProperty("tools");

        tools.GetArrayLength().ShouldBe(2);
        tools[0].GetProperty("name").GetString()!.ShouldStartWith(start[..(64 - 9)]);
        (tools[0].GetProperty("name").GetString()!.Length <= 64).ShouldBe(listAliases == "true");
        tools[1].GetProperty("name").GetString().ShouldBe("weather___echo");
    }

    [Fact]
    public async Task Rules_about_a_tool_hold_for_its_alias()
    {
        await using var host = await StartAsync(
            ("Gateway:Policies:ToolScopes:0:Tool", Long),
            ("Gateway:Policies:ToolScopes:0:Scopes", "weather:long")
        );
        using var client = await host.CreateReadyClientAsync();
        var alias = (await host.AdminAsync(HttpMethod.Get, "/targets/weather")).Json["longNames"]![0]![
            "alias"
        ]!.GetValue<string>();

        var refused = await client.SendAsync("/mcp", McpRequests.CallTool(alias), host.Token());
        var allowed = await client.SendAsync(
            "/mcp",
            McpRequests.CallTool(alias),
            host.Token(static (_, payload) => payload["scope"] = "mcp:tools weather:long")
        );

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        allowed.Status.ShouldBe(HttpStatusCode.OK);
        host.Target.Calls().ShouldHaveSingleItem();
    }

    private static async Task<GatewayHost> StartAsync(params (string, string?)[] settings)
    {
        var host = await GatewayHost.StartAsync(settings: settings);
        host.Target.Offer = new FakeOffer("weather") { Tools = ["echo", Long] };
        return host;
    }
}
