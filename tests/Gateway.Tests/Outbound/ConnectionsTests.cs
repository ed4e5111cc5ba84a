using AspireGateway.Gateway.Outbound;
using AspireGateway.Gateway.Outbound.AuthorizationCode;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Registration;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Credentials;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>How a connection is made and ended, here and at its provider.</summary>
public sealed class ConnectionsTests : FakeWebTests
{
    private const string RevocationEndpoint = "https://id.partner.test/revoke";

    private ClientConsents _clients = null!;
    private TargetRegistry _targets = null!;
    private ThirdParties _parties = null!;
    private Connections _connections = null!;

    private Target Notes => _targets.Find(Target("notes")).ShouldNotBeNull();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _clients = new ClientConsents(Replica.Records, Replica.Feed);
        _targets = new TargetRegistry(Options.Create(Targets()));
        var (gateway, outbound) = (Options.Create(new GatewayOptions()), Options.Create(new OutboundOptions()));
        _parties = new ThirdParties(
            DiscoveryWith(new KnownAuthorizationServers(Replica.Records)),
            new ClientRegistrations(dynamic: null!, gateway, outbound)
        );
        _connections = new Connections(
            Replica.Vault,
            _clients,
            new ConsentRequests(
                Replica.Records,
                Replica.Feed,
                signIn: null!,
                gateway,
                outbound,
                Time,
                NullLogger<ConsentRequests>.Instance
            ),
            new WithheldScopes(Replica.Records, Time),
            _parties,
            new TokenEndpoint(Web.Documents, new ClientAssertions(Time), outbound, Time),
            _targets,
            Time,
            NullLogger<Connections>.Instance
        );
        Web.Answer(RevocationEndpoint, "");
    }

    public override async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_new_consent_allows_its_own_agent_and_those_of_the_former_no_more()
    {
        var request = (await _parties.ForAsync(Notes, Cancel)).Value.ShouldNotBeNull();
        var requested = ScopeSet.Parse("notes:read notes:write notes:admin");

        await _connections.ConnectAsync(Consent("first"), request, requested, Tokens(), "alice@notes", Cancel);
        var former = (await _connections.ListAsync(Alice, Cancel)).ShouldHaveSingleItem();
        await _connections.ConnectAsync(Consent("second"), request, requested, Tokens("two"), account: null, Cancel);

        var grant = (await _connections.ListAsync(Alice, Cancel)).ShouldHaveSingleItem();
        former.Account.ShouldBe("alice@notes");
        former.Binding.ShouldBe(Binding());
        (await _clients.ListAsync(former.Id, Cancel)).ShouldBeEmpty();
        (await _clients.ListAsync(grant.Id, Cancel)).ShouldBe(["second"]);
        var withheld = new WithheldScopes(Replica.Records, Time);
        (await withheld.ContainAsync(grant.Id, ScopeSet.Parse("notes:admin"), Cancel)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(200, 200, nameof(Revocation.Confirmed))]
    [InlineData(503, 200, nameof(Revocation.NotConfirmed))]
    [InlineData(200, 503, nameof(Revocation.NotConfirmed))]
    public async Task Both_tokens_are_revoked_whatever_the_provider_says_about_the_first(
        int refreshStatus,
        int accessStatus,
        string expected
    )
    {
        await Replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
        Web.Answer(
            RevocationEndpoint,
            async (request, cancel) =>
            {
                var body = await request.Content!.ReadAsStringAsync(cancel);
                var status = body.Contains("token_type_hint=refresh_token") ? refreshStatus : accessStatus;
                return new HttpResponseMessage((System.Net.HttpStatusCode)status);
            }
        );

        var ended = (await _connections.DisconnectAsync(Alice, Target("notes"), Cancel)).ShouldNotBeNull();

        ended.Revocation.ToString().ShouldBe(expected);
        ended.IsRevoked.ShouldBe(expected == nameof(Revocation.Confirmed));
        Web.Requests.Count.ShouldBe(2);
        Web.Requests[0].Body.ShouldContain("token=refresh-one");
        Web.Requests[1].Body.ShouldContain("token=access-one");
        (await _connections.DisconnectAsync(Alice, Target("notes"), Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Where_there_is_no_refresh_token_the_access_token_is_all()
    {
        var tokens = Tokens() with { RefreshToken = null };
        await Replica.Vault.PutAsync(Binding(), tokens, account: null, Cancel);

        (await _connections.DisconnectAsync(Alice, Target("notes"), Cancel))!.Revocation.ShouldBe(Revocation.Confirmed);

        Web.Requests.ShouldHaveSingleItem().Body.ShouldContain("token=access-one");
    }

    [Theory]
    [InlineData("https://elsewhere.test", "aspire-gateway", "notes")]
    [InlineData("https://id.partner.test/realms/partner", "another-client", "notes")]
    [InlineData("https://id.partner.test/realms/partner", "aspire-gateway", "gone")]
    public async Task Tokens_are_shown_to_nobody_but_the_server_and_client_that_they_are_of(
        string server,
        string client,
        string target
    )
    {
        var binding = Binding(target: target) with { AuthorizationServer = server, ClientId = client };
        var grant = await Replica.Vault.PutAsync(binding, Tokens(), account: null, Cancel);
        await _clients.AllowAsync(grant.Id, "agent", Cancel);

        var ended = (await _connections.DisconnectAllAsync(Alice, Cancel)).ShouldHaveSingleItem();

        ended.ShouldBe(new Disconnection(Target(target), Revocation.NotConfirmed));
        Web.Requests.ShouldBeEmpty();
        (await _clients.ListAsync(grant.Id, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_its_provider_has_ended_needs_no_revocation()
    {
        var grant = await Replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
        var lease = await Replica.Vault.TryLeaseAsync(grant, TimeSpan.FromMinutes(1), Cancel);
        (await Replica.Vault.EndAsync(lease.ShouldNotBeNull(), Cancel)).ShouldBeTrue();

        var ended = (await _connections.DisconnectAllAsync(Notes, static _ => true)).ShouldHaveSingleItem();

        ended.Revocation.ShouldBe(Revocation.AlreadyOver);
        Web.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_a_target_all_that_are_meant_are_forgotten_before_the_first_is_revoked()
    {
        foreach (var subject in (string[])["a", "b", "stays"])
        {
            var user = new UserId("corp", subject);
            var grant = await Replica.Vault.PutAsync(Binding(user), Tokens(subject), account: null, Cancel);
            await _clients.AllowAsync(grant.Id, "agent", Cancel);
        }

        var left = new List<int>();
        Web.Answer(
            RevocationEndpoint,
            async (_, _) =>
            {
                var grants = await Replica.Vault.ListAsync(Target("notes"), CancellationToken.None);
                lock (left)
                {
                    left.Add(grants.Count);
                }

                return new HttpResponseMessage(System.Net.HttpStatusCode.OK);
            }
        );

        var ended = await _connections.DisconnectAllAsync(Notes, static grant => grant.Binding.User.Subject != "stays");

        ended.Select(static one => one.Revocation).ShouldBe([Revocation.Confirmed, Revocation.Confirmed]);
        left.ShouldBe([1, 1, 1, 1]);
        var stays = (await Replica.Vault.ListAsync(Target("notes"), Cancel)).ShouldHaveSingleItem();
        (await _clients.ListAsync(stays.Id, Cancel)).ShouldBe(["agent"]);
    }

    [Fact]
    public async Task A_provider_that_is_slow_is_asked_about_many_for_a_minute_and_no_longer()
    {
        const int People = 12;
        const int AtOnce = 8;
        for (var i = 0; i < People; i++)
        {
            await Replica.Vault.PutAsync(Binding(new UserId("corp", $"{i}")), Tokens(), account: null, Cancel);
        }

        Web.Answer(
            RevocationEndpoint,
            (_, _) =>
            {
                Time.Advance(TimeSpan.FromSeconds(61));
                return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.OK));
            }
        );

        var ended = await _connections.DisconnectAllAsync(Notes, static _ => true);

        ended.Count.ShouldBe(People);
        // Two tokens each, of those who were asked about before the minute was over. Its end is also that of requests on their way.
        Web.Requests.Count.ShouldBeInRange(1, 2 * AtOnce);
        (await Replica.Vault.ListAsync(Target("notes"), Cancel)).ShouldBeEmpty();
    }

    private static ConsentRequest Consent(string client) =>
        new()
        {
            Issuer = Alice.Issuer,
            Subject = Alice.Subject,
            Client = client,
            Target = "notes",
            ElicitationId = client,
        };

    private static TargetsOptions Targets() =>
        new()
        {
            ["notes"] = new TargetOptions
            {
                Url = Binding().Resource,
                Credential = CredentialKinds.AuthorizationCode,
                AuthorizationCode = new AuthorizationCodeOptions
                {
                    Issuer = Binding().AuthorizationServer,
                    AuthorizationEndpoint = "https://id.partner.test/authorize",
                    TokenEndpoint = "https://id.partner.test/token",
                    RevocationEndpoint = RevocationEndpoint,
                    ClientId = Binding().ClientId,
                },
            },
        };
}
