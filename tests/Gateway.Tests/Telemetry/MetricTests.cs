using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;

namespace AspireGateway.Gateway.Tests.Telemetry;

/// <summary>What is counted and measured while people call, are refused and are asked.</summary>
[Collection(nameof(SpanListeners))]
public sealed class MetricTests
{
    [Fact]
    public async Task A_call_is_counted_and_its_time_is_told_apart_from_the_targets()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        using var measured = new Measurements();

        await client.SendAsync("/mcp/weather", McpRequests.CallTool("echo"), host.Token());
        await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());

        await Eventually.HoldsAsync(() => measured.Of("aspire_gateway.overhead").Count == 2);
        measured.Of("aspire_gateway.calls").Count.ShouldBe(2);
        measured
            .Of("aspire_gateway.calls")
            .ShouldAllBe(static one => one.Tags.Contains("aspire_gateway.target=weather, gen_ai.tool.name=echo"));
        var all = measured.Of("aspire_gateway.duration").Sum(static one => one.Value);
        var own = measured.Of("aspire_gateway.overhead").Sum(static one => one.Value);
        own.ShouldBeGreaterThan(0);
        own.ShouldBeLessThan(all);
        measured.Of("aspire_gateway.policy.decisions").Count.ShouldBe(2);
        measured.Of("aspire_gateway.auth.failures").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_caller_is_an_authentication_failure_and_a_malformed_body_is_none()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        using var measured = new Measurements();

        await client.SendAsync("/mcp", McpRequests.ListTools, token: null);
        await client.SendAsync("/mcp", "[]", host.Token());

        measured
            .Of("aspire_gateway.auth.failures")
            .ShouldHaveSingleItem()
            .Tags.ShouldBe("aspire_gateway.reason=missing_token");
        measured.Of("aspire_gateway.calls").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_question_is_counted_when_it_is_asked_and_when_it_is_answered_and_the_vault_as_miss_and_hit()
    {
        using var measured = new Measurements();
        await using var host = await ConsentHost.StartAsync();

        await host.ConnectAsync();
        await host.CallAsync();

        measured.OutcomesOf("aspire_gateway.elicitations").ShouldBe(["started", "completed"]);
        measured.OutcomesOf("aspire_gateway.vault.lookups").ShouldBe(["miss", "hit"]);
    }
}
