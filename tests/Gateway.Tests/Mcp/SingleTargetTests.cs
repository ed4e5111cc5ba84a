using AspireGateway.Gateway.Tests.Admin;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Mcp;

/// <summary>The aggregate endpoint over one target, whose names and URIs it leaves as they are.</summary>
public sealed class SingleTargetTests
{
    private const string Setting = "Gateway:Mcp:SingleTarget";

    [Theory]
    [InlineData("tools/list", "tools", "name", "echo")]
    [InlineData("prompts/list", "prompts", "name", "weather_advice")]
    [InlineData("resources/list", "resources", "uri", "weather://cities")]
    [InlineData("resources/templates/list", "resourceTemplates", "uriTemplate", "weather://cities/{city}")]
    public async Task Lists_have_the_target_s_own_names(string method, string member, string key, string own)
    {
        await using var host = await StartAsync();
        using var client = await host.CreateReadyClientAsync();

        var result = (await client.SendAsync("/mcp", Message(method), host.Token())).Result;

        result.GetProperty(member)[0].GetProperty(key).GetString().ShouldBe(own);
    }

    [Theory]
    [InlineData("tools/call", """{"name":"echo","arguments":{"a":1}}""")]
    [InlineData("prompts/get", """{"name":"weather_advice"}""")]
    [InlineData("resources/read", """{"uri":"weather://cities"}""")]
    [InlineData(
        "completion/complete",
        """{"ref":{"type":"ref/prompt","name":"weather_advice"},"argument":{"name":"a","value":"b"}}"""
    )]
    public async Task Requests_reach_the_target_as_they_are(string method, string parameters)
    {
        await using var host = await StartAsync();
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync("/mcp", Message(method, parameters), host.Token());

        answer.Text.ShouldNotContain("weather+");
        _ = answer.Result;
        host.Target.Calls(method).Count().ShouldBe(1);
        host.Audit()[^1].GetProperty("target").GetString().ShouldBe("weather");
    }

    [Fact]
    public async Task Two_targets_without_prefixes_do_not_start()
    {
        await using var host = await GatewayHost.StartAsync(
            settings: [(Setting, "true"), ("Gateway:Targets:maps:Url", "http://maps.test/mcp")]
        );

        Should.Throw<Exception>(host.CreateClient);

        host.Logs.Text.ShouldContain($"{Setting} is true, but Gateway:Targets has 2 entries");
    }

    [Fact]
    public async Task No_second_target_can_be_defined()
    {
        await using var host = await StartAsync();
        using var client = await host.CreateReadyClientAsync();
        await using var maps = await FakeTarget.StartNewAsync();

        var refused = await host.AdminAsync(HttpMethod.Post, "/targets", AdminCalls.Definition("maps", maps.Url));
        var tools = (await client.SendAsync("/mcp", McpRequests.ListTools, host.Token())).Result;

        ((int)refused.Status).ShouldBe(StatusCodes.Status400BadRequest);
        refused.Text.ShouldContain(Setting);
        tools.GetProperty("tools").GetArrayLength().ShouldBe(1);
    }

    private static async Task<GatewayHost> StartAsync()
    {
        var host = await GatewayHost.StartAsync(settings: (Setting, "true"));
        host.Target.Offer = new FakeOffer("weather");
        return host;
    }

    private static string Message(string method, string parameters = "{}") =>
        $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":{{parameters}}}""";
}
