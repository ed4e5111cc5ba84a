using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Mcp.Conversation;

/// <summary>Connections to targets: who shares one, and when it is closed.</summary>
public sealed class ConnectionPoolTests(ITestOutputHelper output)
{
    private static readonly UserId Ada = new("corp", "ada");
    private static readonly UserId Bob = new("corp", "bob");

    [Fact]
    public async Task A_connection_is_for_one_person_one_credential_and_one_kind_of_client()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: false);
        var (connections, target) = Parts(host);
        var first = Credential("1");

        connections.For(target, Ada, first).ShouldBeSameAs(connections.For(target, Ada, Credential("1")));
        connections.For(target, Bob, first).ShouldNotBeSameAs(connections.For(target, Ada, first));
        connections.For(target, Ada, Credential("2")).ShouldNotBeSameAs(connections.For(target, Ada, first));
        connections.For(target, abilities: ClientAbilities.Roots).ShouldNotBeSameAs(connections.For(target));
        connections
            .For(target, abilities: ClientAbilities.Roots)
            .ShouldBeSameAs(connections.For(target, abilities: ClientAbilities.Roots));
    }

    [Fact]
    public async Task Clients_of_all_kinds_share_the_connection_of_a_newer_target()
    {
        await using var host = await TalkHost.StartAsync(isTargetModern: true);
        var (connections, target) = Parts(host);

        connections.For(target, abilities: ClientAbilities.Roots).ShouldBeSameAs(connections.For(target));
    }

    [Fact]
    public async Task An_idle_connection_is_closed_and_one_in_use_is_not()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var host = await TalkHost.StartAsync(isTargetModern: false, time);
        var (connections, target) = Parts(host);
        var idle = connections.For(target, Ada, Credential("1"));
        await idle.DescribeAsync(TestContext.Current.CancellationToken);
        var used = connections.For(target, Bob, Credential("1"));
        await using var exchange = await used.StartAsync(
            new UpstreamCall("tools/list", []),
            TestContext.Current.CancellationToken
        );

        time.Advance(TimeSpan.FromMinutes(4));
        await connections.CloseIdleAsync();
        connections.For(target, Ada, Credential("1")).ShouldBeSameAs(idle);
        time.Advance(TimeSpan.FromMinutes(6));
        await connections.CloseIdleAsync();

        connections.For(target, Ada, Credential("1")).ShouldNotBeSameAs(idle);
        connections.For(target, Bob, Credential("1")).ShouldBeSameAs(used);
    }

    /// <remarks>Prints what they cost; <c>IDLE_PEOPLE=10000</c> makes it many. Run alone, since other tests use the same memory.</remarks>
    [Fact]
    public async Task Nothing_is_kept_of_people_who_are_idle()
    {
        var people = int.TryParse(Environment.GetEnvironmentVariable("IDLE_PEOPLE"), out var number) ? number : 100;
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var host = await TalkHost.StartAsync(isTargetModern: true, time);
        var (connections, target) = Parts(host);
        await ConnectAsync(connections, target, 50, "warm");
        time.Advance(TimeSpan.FromMinutes(6));
        await connections.CloseIdleAsync();
        host.Target.ClearRequests();
        var (count, before) = (connections.Count, GC.GetTotalMemory(forceFullCollection: true));

        await ConnectAsync(connections, target, people, "person");
        host.Target.ClearRequests();
        connections.Count.ShouldBe(count + people);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / people;
        time.Advance(TimeSpan.FromMinutes(6));
        await connections.CloseIdleAsync();
        var left = (GC.GetTotalMemory(forceFullCollection: true) - before) / people;

        connections.Count.ShouldBeLessThanOrEqualTo(count);
        output.WriteLine($"{people} people: {each} bytes each while connected, {left} bytes each after five minutes");
    }

    private static async Task ConnectAsync(UpstreamConnections connections, Target target, int people, string name)
    {
        for (var person = 0; person < people; person++)
        {
            await connections
                .For(target, new UserId("corp", $"{name}-{person}"), Credential("1"))
                .SendAsync("tools/list", [], TestContext.Current.CancellationToken);
        }
    }

    private static (UpstreamConnections Connections, Target Target) Parts(TalkHost host)
    {
        var services = host.Gateway.Services;
        var target = services
            .GetRequiredService<TargetRegistry>()
            .All.Single(static target => target.Name.Value is "talk");
        return (services.GetRequiredService<UpstreamConnections>(), target);
    }

    private static TargetCredential Credential(string version) =>
        new("Authorization", new Secret("Bearer secret"), version);
}
