using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>What an administrator changes at one replica holds at all of them, and after a restart.</summary>
public sealed class ReplicaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-replicas-").FullName;

    [Fact]
    public async Task A_change_at_one_replica_is_seen_by_the_other_within_seconds()
    {
        await using var first = await GatewayHost.StartAsync(settings: [("Gateway:Vault:DataPath", _folder)]);
        await using var second = await SecondAsync(first);
        using var client = await second.CreateReadyClientAsync();
        await using var more = await FakeTarget.StartNewAsync();

        await first.AdminAsync(HttpMethod.Post, "/targets", AdminCalls.Definition("more", more.Url));
        await UntilReadyAsync(second, first.AdminToken());
        (await client.SendAsync("/mcp", McpRequests.CallTool("more___echo"), first.Token())).Text.ShouldContain("hi");

        await second.AdminAsync(HttpMethod.Delete, "/targets/more", token: first.AdminToken());
        await Eventually.HoldsAsync(() => Knows(first, "more") is false);
    }

    [Fact]
    public async Task What_one_replica_hears_from_a_target_the_other_reads_too()
    {
        await using var first = await GatewayHost.StartAsync(settings: [("Gateway:Vault:DataPath", _folder)]);
        await using var second = await GatewayHost.StartAsync(
            settings:
            [
                ("Gateway:Vault:DataPath", _folder),
                ("Gateway:Inbound:Issuers:0:DiscoveryUrl", first.Issuer.DiscoveryUrl),
                ("Gateway:Targets:weather:Url", first.Target.Url),
            ]
        );
        (await first.CreateReadyClientAsync()).Dispose();
        (await second.CreateReadyClientAsync()).Dispose();
        first.Target.Offer = new FakeOffer("weather");

        var target = first.Services.GetRequiredService<TargetRegistry>().All.Single();
        first
            .Services.GetRequiredService<TargetNotifications>()
            .Raise(new TargetNotification(target, User: null, ListKind.Prompts.Notification));

        await Eventually.HoldsAsync(() => Prompts(first) == 1 && Prompts(second) == 1);
    }

    [Fact]
    public async Task A_definition_survives_a_restart()
    {
        await using var more = await FakeTarget.StartNewAsync();
        await using (var first = await GatewayHost.StartAsync(settings: [("Gateway:Vault:DataPath", _folder)]))
        {
            await first.AdminAsync(HttpMethod.Post, "/targets", AdminCalls.Definition("more", more.Url));
        }

        await using var again = await GatewayHost.StartAsync(settings: [("Gateway:Vault:DataPath", _folder)]);
        again.CreateClient().Dispose();

        await Eventually.HoldsAsync(() => Knows(again, "more"));
        await again.UntilAsync("more", "READY");
    }

    [Fact]
    public async Task A_gateway_whose_database_does_not_answer_starts_and_serves_what_its_configuration_names()
    {
        // Nobody listens on this port.
        await using var host = await GatewayHost.StartAsync(
            settings:
            [
                ("ConnectionStrings:gateway", "Host=127.0.0.1;Port=9;Database=x;Username=x;Password=x;Timeout=1"),
            ]
        );
        using var client = await host.CreateReadyClientAsync();

        (await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token())).Text.ShouldContain("hi");
        var refused = await host.AdminAsync(
            HttpMethod.Post,
            "/targets",
            AdminCalls.Definition("more", host.Target.Url)
        );
        refused.Reason.ShouldBe("vault_unavailable");
        Knows(host, "more").ShouldBeFalse();
        host.Audit().Count(static line => line.GetProperty("reason").GetString() == "vault_unavailable").ShouldBe(1);
    }

    private static int Prompts(GatewayHost host) =>
        host
            .Services.GetRequiredService<TargetCatalogue>()
            .Get(host.Services.GetRequiredService<TargetRegistry>().All.Single().Name)
            .Contents.Prompts.Count;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Another replica over the same database and with the same issuer.</summary>
    internal static Task<GatewayHost> SecondAsync(
        GatewayHost first,
        string folder,
        params (string Key, string? Value)[] settings
    ) =>
        GatewayHost.StartAsync(
            settings:
            [
                ("Gateway:Vault:DataPath", folder),
                ("Gateway:Inbound:Issuers:0:DiscoveryUrl", first.Issuer.DiscoveryUrl),
                ("Gateway:Targets:weather:Url", first.Target.Url),
                .. settings,
            ]
        );

    private static Task UntilReadyAsync(GatewayHost host, string token) =>
        Eventually.HoldsAsync(async () =>
            (await host.AdminAsync(HttpMethod.Get, "/targets/more", token: token)).Json["state"]?.GetValue<string>()
                is "READY"
        );

    private Task<GatewayHost> SecondAsync(GatewayHost first) => SecondAsync(first, _folder);

    private static bool Knows(GatewayHost host, string name) =>
        TargetName.TryParse(name, out var parsed)
        && host.Services.GetRequiredService<TargetRegistry>().Find(parsed) is not null;
}
