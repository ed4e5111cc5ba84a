using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What a call may say about its credential, under AgentCore's name and a neutral one.</summary>
public sealed class OverrideTests
{
    private const string Allowed = "https://agent.example.com/connected";
    private const string AgentCore = "aws.bedrock-agentcore.gateway/credentialProviderConfiguration";
    private const string Neutral = "aspire-gateway/credentialProviderConfiguration";

    [Theory]
    [InlineData(AgentCore)]
    [InlineData(Neutral)]
    public async Task The_browser_goes_to_an_allowed_page_afterwards(string name)
    {
        await using var host = await ConsentHost.StartAsync(null, ("Gateway:Outbound:AllowedReturnUrls:0", Allowed));
        var asked = await host.CallAsync(change: With(name, new JsonObject { ["returnUrl"] = Allowed }));

        var page = await ConsentHost.ConsentAsync(host.Browser(), LinkIn(asked), new Uri(Allowed));

        page.Location!.AbsoluteUri.ShouldBe(Allowed);
        (await host.CallAsync()).Text.ShouldContain("\"complete\"");
    }

    [Theory]
    [InlineData("https://evil.example.com/connected")]
    [InlineData("https://agent.example.com/connected/")]
    [InlineData("https://agent.example.com/connected?next=evil")]
    [InlineData("javascript:alert(1)")]
    public async Task Any_other_page_is_refused_before_anybody_is_asked(string url)
    {
        await using var host = await ConsentHost.StartAsync(null, ("Gateway:Outbound:AllowedReturnUrls:0", Allowed));

        var answer = await host.CallAsync(change: With(Neutral, new JsonObject { ["returnUrl"] = url }));

        answer.Result.GetProperty("isError").GetBoolean().ShouldBeTrue();
        answer.Text.ShouldContain("AllowedReturnUrls");
        answer.Text.ShouldNotContain("/connect/");
    }

    [Fact]
    public async Task A_call_can_demand_a_new_consent_and_its_repetition_is_not_asked_for_ever()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await ConsentHost.StartAsync(time);
        await host.ConnectAsync();
        time.Advance(TimeSpan.FromMinutes(11));
        var force = With(AgentCore, new JsonObject { ["forceAuthentication"] = true });

        var asked = await host.CallAsync(change: force);
        asked.Result.GetProperty("resultType").GetString().ShouldBe("input_required");
        await ConsentHost.ConsentAsync(host.Browser(), LinkIn(asked));

        host.ThirdParty.RequestsOf("/authorize")[^1].Path.ShouldContain("prompt=login");
        (await host.CallAsync(change: force)).Text.ShouldContain("\"complete\"");
    }

    private static Action<JsonObject> With(string name, JsonObject configuration) =>
        parameters => parameters["_meta"]![name] = configuration.DeepClone();

    private static Uri LinkIn(McpAnswer answer) =>
        new(
            answer
                .Result.GetProperty("inputRequests")
                .GetProperty("gateway_consent")
                .GetProperty("params")
                .GetProperty("url")
                .GetString()!
        );
}
