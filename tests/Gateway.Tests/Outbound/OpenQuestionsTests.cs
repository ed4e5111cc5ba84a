using AspireGateway.Gateway.Outbound;
using AspireGateway.Gateway.Outbound.Connect;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What is kept between a question to a person and its answer, and about the agents and scopes of an answer.</summary>
public sealed class OpenQuestionsTests : FakeWebTests
{
    private const int MaxOpen = 50;

    private ConsentRequests _consents = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _consents = new ConsentRequests(
            Replica.Records,
            Replica.Feed,
            signIn: null!,
            Options.Create(new GatewayOptions()),
            Options.Create(new OutboundOptions { ConsentLifetime = TimeSpan.FromMinutes(7) }),
            Time,
            NullLogger<ConsentRequests>.Instance
        );
    }

    [Fact]
    public async Task A_question_is_open_as_long_as_the_settings_say()
    {
        var handle = await _consents.OpenAsync(Question(), Cancel);

        Time.Advance(TimeSpan.FromMinutes(7) - TimeSpan.FromMilliseconds(1));
        (await _consents.FindAsync(handle, Cancel)).ShouldBe(Question());
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await _consents.FindAsync(handle, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_one_person_and_target_the_fifty_newest_are_open_and_those_of_others_stay()
    {
        var another = await _consents.OpenAsync(Question() with { Subject = "bob" }, Cancel);
        var handles = new List<string>();
        for (var i = 0; i < MaxOpen; i++)
        {
            handles.Add(await _consents.OpenAsync(Question(), Cancel));
        }

        (await _consents.FindAsync(handles[0], Cancel)).ShouldNotBeNull();
        await _consents.OpenAsync(Question(), Cancel);

        (await _consents.FindAsync(handles[0], Cancel)).ShouldBeNull();
        (await _consents.FindAsync(handles[1], Cancel)).ShouldNotBeNull();
        (await _consents.FindAsync(another, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_answer_closes_the_questions_of_its_agent_that_it_covers_and_tells_who_waits()
    {
        var told = new List<string>();
        using var subscription = Replica.Feed.Subscribe(ConsentRequests.AnsweredTopic, told.Add);
        told.Clear();
        var usual = await _consents.OpenAsync(Question("usual"), Cancel);
        var covered = await _consents.OpenAsync(Question("covered", scopes: "read"), Cancel);
        var wider = await _consents.OpenAsync(Question("wider", scopes: "read write"), Cancel);
        var another = await _consents.OpenAsync(Question("another", client: "another-agent"), Cancel);

        await _consents.AnsweredAsync(Question(), ScopeSet.Parse("read"), Cancel);

        (await _consents.FindAsync(usual, Cancel)).ShouldBeNull();
        (await _consents.FindAsync(covered, Cancel)).ShouldBeNull();
        (await _consents.FindAsync(wider, Cancel)).ShouldNotBeNull();
        (await _consents.FindAsync(another, Cancel)).ShouldNotBeNull();
        told.Where(static id => id.Length > 0).Distinct().ShouldBe(["usual", "covered"]);
    }

    [Fact]
    public async Task What_is_asked_for_together_are_the_scopes_of_one_agents_open_questions()
    {
        (await _consents.OpenScopesAsync(Question(), Cancel)).ShouldBeNull();
        await _consents.OpenAsync(Question(), Cancel);
        (await _consents.OpenScopesAsync(Question(), Cancel)).ShouldBeNull("it is about the usual ones");

        await _consents.OpenAsync(Question(scopes: "read"), Cancel);
        await _consents.OpenAsync(Question(scopes: "read write"), Cancel);
        await _consents.OpenAsync(Question(client: "another-agent", scopes: "admin"), Cancel);

        (await _consents.OpenScopesAsync(Question(), Cancel))!.ToString().ShouldBe("read write");
    }

    [Fact]
    public async Task The_agents_that_wait_are_named_once_in_their_order_and_without_what_the_person_began()
    {
        await _consents.OpenAsync(Question(client: "second") with { FromPage = true }, Cancel);
        await _consents.OpenAsync(Question(client: "first"), Cancel);
        await _consents.OpenAsync(Question(client: "third"), Cancel);
        await _consents.OpenAsync(Question(client: "first"), Cancel);
        await _consents.OpenAsync(Question() with { Client = null }, Cancel);

        (await _consents.WaitingAsync(Question().User, Target("notes"), Cancel)).ShouldBe(["first", "third"]);
    }

    [Fact]
    public async Task What_was_asked_for_and_not_given_is_known_for_ten_minutes()
    {
        var withheld = new WithheldScopes(Replica.Records, Time);
        var (less, all) = (Guid.NewGuid(), Guid.NewGuid());
        var requested = ScopeSet.Parse("read write");
        await withheld.RememberAsync(less, requested, ScopeSet.Parse("read"), Cancel);
        await withheld.RememberAsync(all, requested, ScopeSet.Parse("read write more"), Cancel);

        (await withheld.ContainAsync(less, ScopeSet.Parse("write"), Cancel)).ShouldBeTrue();
        (await withheld.ContainAsync(less, ScopeSet.Parse("write admin"), Cancel)).ShouldBeFalse();
        (await withheld.ContainAsync(all, ScopeSet.Parse("write"), Cancel)).ShouldBeFalse();
        Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        (await withheld.ContainAsync(less, ScopeSet.Parse("write"), Cancel)).ShouldBeTrue();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await withheld.ContainAsync(less, ScopeSet.Parse("write"), Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_agent_may_use_a_grant_from_its_permission_to_its_withdrawal()
    {
        using var clients = new ClientConsents(Replica.Records, Replica.Feed);
        var grant = await Replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
        var another = Guid.NewGuid();
        (await clients.IsAllowedAsync(grant, "agent", Cancel)).ShouldBeFalse();
        await clients.AllowAsync(grant.Id, "agent", Cancel);
        await clients.AllowAsync(grant.Id, "second", Cancel);
        await clients.AllowAsync(another, "agent", Cancel);

        (await clients.IsAllowedAsync(grant, "agent", Cancel)).ShouldBeTrue();
        (await clients.IsAllowedAsync(grant, "third", Cancel)).ShouldBeFalse();
        var remembered = clients.IsAllowedAsync(grant, "agent", Cancel).AsTask();
        remembered.IsCompletedSuccessfully.ShouldBeTrue("the database is not asked again");
        (await clients.ListAsync(grant.Id, Cancel)).ShouldBe(["agent", "second"]);

        (await clients.WithdrawAsync(grant.Id, "agent", Cancel)).ShouldBeTrue();
        (await clients.IsAllowedAsync(grant, "agent", Cancel)).ShouldBeFalse();
        (await clients.WithdrawAsync(grant.Id, "agent", Cancel)).ShouldBeFalse();
        await clients.ForgetAsync(grant.Id, Cancel);
        (await clients.ListAsync(grant.Id, Cancel)).ShouldBeEmpty();
        (await clients.ListAsync(another, Cancel)).ShouldBe(["agent"]);
    }

    private static ConsentRequest Question(
        string elicitation = "elicitation",
        string client = "agent",
        string? scopes = null
    ) =>
        new()
        {
            Issuer = "corp",
            Subject = "alice",
            Client = client,
            Target = "notes",
            Scopes = scopes,
            ElicitationId = elicitation,
        };
}
