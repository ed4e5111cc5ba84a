using System.Text.Json.Nodes;
using AspireGateway.ReplicaTrials.Cluster;
using AspireGateway.ReplicaTrials.People;

namespace AspireGateway.Replicas.Tests;

/// <summary>Whatever begins at one replica goes on at the other. Browsers go through the front door, which changes at every request.</summary>
public sealed class OtherReplicaTests(ReplicasFixture fixture)
{
    // Usable for two seconds, as a gateway takes a token for expired five seconds before its end.
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(7);

    private static int _people;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/mcp", "notes___echo")]
    [InlineData("/mcp/notes", "echo")]
    public async Task A_question_of_one_is_answered_at_the_other_and_its_request_state_accepted(
        string path,
        string tool
    )
    {
        var (system, person, client) = await ComeAsync();
        using var _ = person;
        using var _1 = client;

        var asked = (await client.CallAsync(0, path, tool))["result"]!;
        var link = asked["inputRequests"]!.AsObject().Single().Value!["params"]!["url"]!.ToString();
        (await person.ConsentAsync(new Uri(link), Cancel)).ShouldBeNull();
        var answer = await client.CallAsync(1, path, tool, asked["requestState"]!.ToString());

        TextOf(answer).ShouldBe($"{person.Name} hi");
        TextOf(await client.CallAsync(0, path, tool)).ShouldBe($"{person.Name} hi");
        system.Target.Wrong.ShouldBe(0);
    }

    [Theory]
    [InlineData("/mcp", "notes___echo")]
    [InlineData("/mcp/notes", "echo")]
    public async Task A_session_of_an_older_client_that_began_at_one_goes_on_at_the_other(string path, string tool)
    {
        var (_, person, client) = await ComeAsync();
        using var _1 = person;
        using var _2 = client;

        await client.InitializeAsync(0, path);
        var asked = (await client.CallLegacyAsync(1, path, tool))["error"]!;
        asked["code"]!.GetValue<int>().ShouldBe(-32042);
        var link = asked["data"]!["elicitations"]![0]!["url"]!.ToString();
        (await person.ConsentAsync(new Uri(link), Cancel)).ShouldBeNull();

        TextOf(await client.CallLegacyAsync(0, path, tool)).ShouldBe($"{person.Name} hi");
        TextOf(await client.CallLegacyAsync(1, path, tool)).ShouldBe($"{person.Name} hi");
    }

    [Fact]
    public async Task A_token_that_one_has_refreshed_is_used_by_the_other()
    {
        var (system, person, client) = await ComeAsync();
        using var _ = person;
        using var _1 = client;
        var thirdParty = (QuickThirdParty)system.ThirdParty;
        thirdParty.TokenLife = ShortLife;
        await person.ConnectAsync(Cancel);
        // The next one has to last until the other replica uses it, however long that takes here.
        thirdParty.TokenLife = ReplicasFixture.TokenLife;
        var first = system.Ledger.LastOf(person.Name)!;

        // Real processes with the system's clock: there is no other way to expire than to wait.
        await Task.Delay(first.At + ShortLife - TimeProvider.System.GetUtcNow(), Cancel);
        TextOf(await client.CallAsync(0, "/mcp", "notes___echo")).ShouldBe($"{person.Name} hi");
        var second = system.Ledger.LastOf(person.Name)!;
        TextOf(await client.CallAsync(1, "/mcp", "notes___echo")).ShouldBe($"{person.Name} hi");

        second.IsRefresh.ShouldBeTrue();
        second.SupersededAt.ShouldBeNull();
        system.Ledger.Refused.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_disconnected_at_one_is_asked_for_at_the_other_within_a_second()
    {
        var (_, person, client) = await ConnectAsync();
        using var _1 = person;
        using var _2 = client;
        // The other one has it in memory.
        TextOf(await client.CallAsync(1, "/mcp", "notes___echo")).ShouldBe($"{person.Name} hi");

        await client.DisconnectAsync(0);
        await Task.Delay(TimeSpan.FromSeconds(1), Cancel);

        (await client.CallAsync(1, "/mcp", "notes___echo"))["result"]!["inputRequests"].ShouldNotBeNull();
        (await client.CallAsync(0, "/mcp", "notes___echo"))["result"]!["inputRequests"].ShouldNotBeNull();
    }

    private async Task<(ReplicaSystem System, Person Person, Client Client)> ComeAsync()
    {
        var system = await fixture.SystemAsync();
        var name = $"tester-{Interlocked.Increment(ref _people)}";
        return (system, new Person(system, name), new Client(system, name));
    }

    private async Task<(ReplicaSystem System, Person Person, Client Client)> ConnectAsync()
    {
        var (system, person, client) = await ComeAsync();
        await person.ConnectAsync(Cancel);
        return (system, person, client);
    }

    private static string? TextOf(JsonNode answer) =>
        answer["result"]?["content"]?[0]?["text"]?.ToString() ?? answer.ToJsonString();
}
