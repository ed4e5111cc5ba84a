using System.Net;
using AspireGateway.Gateway.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Inbound;

/// <summary>Keys that come, go and cannot be read.</summary>
public sealed class IssuerTests
{
    [Fact]
    public async Task A_token_of_a_new_key_is_accepted_at_once_and_old_ones_go_with_their_key()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time);
        using var client = await host.CreateReadyClientAsync();
        var old = host.Token();
        (await client.SendAsync("/mcp", McpRequests.ListTools, old)).Status.ShouldBe(HttpStatusCode.OK);

        host.Issuer.RotateKey(keepOld: false);
        time.Advance(TimeSpan.FromSeconds(30));

        (await client.SendAsync("/mcp", McpRequests.ListTools, host.Token())).Status.ShouldBe(HttpStatusCode.OK);
        (await client.SendAsync("/mcp", McpRequests.ListTools, old)).Reason.ShouldBe("unknown_key");
    }

    [Fact]
    public async Task A_flood_of_unknown_keys_reads_the_metadata_at_most_twice_a_minute()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time);
        using var client = await host.CreateReadyClientAsync();
        (await client.SendAsync("/mcp", McpRequests.ListTools, host.Token())).Status.ShouldBe(HttpStatusCode.OK);
        var before = host.Issuer.MetadataReads;

        for (var second = 0; second < 60; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            var answer = await client.SendAsync(
                "/mcp",
                McpRequests.ListTools,
                host.Token((h, _) => h["kid"] = $"unknown-{second}")
            );
            answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (host.Issuer.MetadataReads - before).ShouldBe(2);
    }

    [Fact]
    public async Task Callers_with_good_tokens_are_served_while_the_provider_is_down()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var known = host.Token();
        (await client.SendAsync("/mcp", McpRequests.ListTools, known)).Status.ShouldBe(HttpStatusCode.OK);

        await host.Issuer.StopAsync();

        (await client.SendAsync("/mcp", McpRequests.ListTools, known)).Status.ShouldBe(HttpStatusCode.OK);
        (await client.SendAsync("/mcp", McpRequests.ListTools, host.Token((_, p) => p["jti"] = "new"))).Status.ShouldBe(
            HttpStatusCode.OK
        );
    }

    [Fact]
    public async Task A_provider_that_is_down_at_the_start_makes_the_gateway_unhealthy_until_it_comes_back()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time);
        host.Issuer.Status = 503;
        using var client = await host.CreateReadyClientAsync();

        using var unhealthy = await client.GetAsync("/health", TestContext.Current.CancellationToken);
        using var alive = await client.GetAsync("/alive", TestContext.Current.CancellationToken);
        var refused = await client.SendAsync("/mcp", McpRequests.ListTools, host.Token());
        host.Issuer.Status = 200;
        time.Advance(TimeSpan.FromSeconds(2));
        using var healthy = await client.GetAsync("/health", TestContext.Current.CancellationToken);
        var accepted = await client.SendAsync("/mcp", McpRequests.ListTools, host.Token());

        unhealthy.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Reason.ShouldBe("issuer_unavailable");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        healthy.StatusCode.ShouldBe(HttpStatusCode.OK);
        accepted.Status.ShouldBe(HttpStatusCode.OK);
        host.Logs.Text.ShouldContain("The metadata of issuer corp");
    }

    [Fact]
    public async Task Metadata_that_speaks_for_another_issuer_is_not_used()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Issuer.MetadataIssuer = "https://other.example";
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync("/mcp", McpRequests.ListTools, host.Token());

        answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        host.Logs.Text.ShouldContain("its issuer is 'https://other.example'");
    }

    [Fact]
    public async Task A_signature_is_checked_once_and_the_token_is_refused_when_it_expires()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time);
        using var client = await host.CreateReadyClientAsync();
        var token = host.Token();

        (await client.SendAsync("/mcp", McpRequests.ListTools, token)).Status.ShouldBe(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromSeconds(329));
        (await client.SendAsync("/mcp", McpRequests.ListTools, token)).Status.ShouldBe(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromSeconds(2));
        (await client.SendAsync("/mcp", McpRequests.ListTools, token)).Reason.ShouldBe("expired");
    }
}
