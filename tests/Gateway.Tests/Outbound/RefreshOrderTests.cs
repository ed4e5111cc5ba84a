using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Storage;
using AspireGateway.TestKit.ThirdParty;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Refreshes beside those of another replica, which is played by the test: it has the same vault. And refreshes that fail again and again.</summary>
public sealed class RefreshOrderTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(50);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_waits_for_the_refresh_of_another_replica_and_uses_its_token()
    {
        var (host, time, vault) = await StartExpiredAsync();
        await using var _ = host;
        var lease = await LeaseAsync(vault);

        var call = host.CallAsync();
        var answer = MoveAsync(time, call);
        var renewed = host.ThirdParty.Grants.RefreshFor(lease.Grant.Tokens!.RefreshToken!.Reveal())!;
        var tokens = new GrantTokens(
            new Secret(renewed["access_token"]!.GetValue<string>()),
            new Secret(renewed["refresh_token"]!.GetValue<string>()),
            time.GetUtcNow().AddMinutes(5),
            lease.Grant.Tokens.Scopes
        );
        call.IsCompleted.ShouldBeFalse();
        await vault.CompleteRefreshAsync(lease, tokens, Cancel);

        (await answer).Text.ShouldContain("\"complete\"");
        host.ThirdParty.TokenRequests("refresh_token").ShouldBeEmpty();
        host.ThirdParty.Grants.Reuses.ShouldBe(0);
    }

    [Fact]
    public async Task A_call_that_waits_for_another_replica_hears_that_it_is_to_be_tried_later()
    {
        var (host, time, vault) = await StartExpiredAsync();
        await using var _ = host;
        var lease = await LeaseAsync(vault);

        var answer = MoveAsync(time, host.CallAsync());
        await vault.PostponeRefreshAsync(lease, time.GetUtcNow().AddMinutes(1), Cancel);

        (await answer).Text.ShouldContain("Your consent is kept");
        host.ThirdParty.TokenRequests("refresh_token").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_that_waits_for_another_replica_asks_the_person_when_the_grant_is_over()
    {
        var (host, time, vault) = await StartExpiredAsync();
        await using var _ = host;
        var lease = await LeaseAsync(vault);

        var answer = MoveAsync(time, host.CallAsync());
        await vault.EndAsync(lease, Cancel);

        (await answer).Result.GetProperty("resultType").GetString().ShouldBe("input_required");
        host.ThirdParty.TokenRequests("refresh_token").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_replica_that_died_during_its_refresh_is_waited_for_no_longer_than_its_lease()
    {
        var (host, time, vault) = await StartExpiredAsync();
        await using var _ = host;
        var lease = await LeaseAsync(vault);
        time.Advance(Lease - TimeSpan.FromSeconds(5));

        var answer = await MoveAsync(time, host.CallAsync());

        answer.Text.ShouldContain("\"complete\"");
        host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBe(1);
        time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(lease.ExpiresAt);
    }

    [Fact]
    public async Task Tokens_that_cannot_be_saved_at_once_are_saved_when_that_is_possible_again()
    {
        var (host, time, vault) = await StartExpiredAsync();
        await using var _ = host;
        await using var context = host.Gateway.Services.GetRequiredService<VaultDatabase>().CreateContext();
        await context.Database.ExecuteSqlAsync(
            $"CREATE TRIGGER full BEFORE UPDATE OF generation ON grants BEGIN SELECT RAISE(ABORT, 'disk full'); END",
            Cancel
        );

        var call = host.CallAsync();
        await Eventually.HoldsAsync(() => host.ThirdParty.TokenRequests("refresh_token").Count == 1);
        call.IsCompleted.ShouldBeFalse();
        await context.Database.ExecuteSqlAsync($"DROP TRIGGER full", Cancel);

        (await MoveAsync(time, call)).Text.ShouldContain("\"complete\"");
        host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBe(1);
        (await FindAsync(vault)).Generation.ShouldBe(2);
    }

    [Fact]
    public async Task The_pause_after_a_failure_doubles_up_to_five_minutes()
    {
        var (host, time, _) = await StartExpiredAsync();
        await using var _1 = host;
        host.ThirdParty.Behaviour.Override = static (context, request) =>
        {
            if (request.Path != "/token")
            {
                return Task.FromResult(false);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.FromResult(true);
        };

        var asked = 0;
        foreach (var pause in (int[])[2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        {
            (await host.CallAsync()).Text.ShouldContain("Your consent is kept");
            host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBe(++asked);
            time.Advance(TimeSpan.FromSeconds(pause - 1));
            await host.CallAsync();
            host.ThirdParty.TokenRequests("refresh_token").Count.ShouldBe(asked, $"it is left alone for {pause} s");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        host.ThirdParty.Behaviour.Override = null;
        (await host.CallAsync()).Text.ShouldContain("\"complete\"");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refresh_token_is_shown_to_nobody_but_its_own_server_and_under_no_other_client_id(
        bool otherServer
    )
    {
        var (host, _, vault) = await StartExpiredAsync();
        await using var _1 = host;
        var grant = await FindAsync(vault);
        var other = await vault.PutAsync(
            otherServer
                ? grant.Binding with
                {
                    AuthorizationServer = "https://former.example",
                }
                : grant.Binding with
                {
                    ClientId = "former",
                },
            grant.Tokens!,
            account: null,
            Cancel
        );
        await host.Gateway.Services.GetRequiredService<ClientConsents>().AllowAsync(other.Id, "test-client", Cancel);

        var answer = await host.CallAsync();

        answer.Result.GetProperty("resultType").GetString().ShouldBe("input_required");
        host.ThirdParty.TokenRequests("refresh_token").ShouldBeEmpty();
        (await vault.TryLeaseAsync(other, Lease, Cancel)).ShouldNotBeNull("nobody has to wait for it");
    }

    [Theory]
    [InlineData("test-client", true)]
    [InlineData("other-client", false)]
    public async Task A_consent_that_is_given_during_a_refresh_serves_the_agent_that_it_was_given_for(
        string agent,
        bool isServed
    )
    {
        var (host, _, vault) = await StartExpiredAsync();
        await using var _1 = host;
        var former = await FindAsync(vault);
        ConsentDuringRefresh(host, former.Binding, agent);

        var answer = await host.CallAsync();

        answer.Result.GetProperty("resultType").GetString().ShouldBe(isServed ? "complete" : "input_required");
        (await FindAsync(vault)).Id.ShouldNotBe(former.Id);
        host.ThirdParty.RequestsOf("/revoke").Count.ShouldBe(2, "what the refresh brought is of no use");
    }

    [Fact]
    public async Task A_consent_for_another_url_of_the_target_that_is_given_during_a_refresh_does_not_reach_the_old_url()
    {
        var (host, _, vault) = await StartExpiredAsync();
        await using var _1 = host;
        var binding = (await FindAsync(vault)).Binding;
        ConsentDuringRefresh(host, binding with { Resource = "https://moved.example/mcp" }, "test-client");

        var answer = await host.CallAsync();

        answer.Result.GetProperty("resultType").GetString().ShouldBe("input_required");
        var token = (await FindAsync(vault)).Tokens!.AccessToken.Reveal();
        host.Notes.Requests.ShouldAllBe(sent => !sent.Headers.Values.Any(value => value.Contains(token)));
    }

    /// <summary>A person is connected, and their access token has expired.</summary>
    private static async Task<(ConsentHost Host, FakeTimeProvider Time, IGrantVault Vault)> StartExpiredAsync()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var host = await ConsentHost.StartAsync(time);
        await host.ConnectAsync();
        time.Advance(TimeSpan.FromMinutes(6));
        return (host, time, host.Gateway.Services.GetRequiredService<IGrantVault>());
    }

    // A new grant with good tokens takes the place of the old one; the refresh brings others.
    private static void ConsentDuringRefresh(ConsentHost host, GrantBinding binding, string agent) =>
        host.ThirdParty.Behaviour.Override = async (context, request) =>
        {
            if (request.Path != "/token")
            {
                return false;
            }

            host.ThirdParty.Behaviour.Override = null;
            var services = host.Gateway.Services;
            var form = FakeAuthorizationServer.Form(request);
            var tokens = host.ThirdParty.Grants.RefreshFor(form["refresh_token"])!;
            var grant = await services
                .GetRequiredService<IGrantVault>()
                .PutAsync(
                    binding,
                    new GrantTokens(
                        new Secret(tokens["access_token"]!.GetValue<string>()),
                        new Secret(tokens["refresh_token"]!.GetValue<string>()),
                        ExpiresAt: null,
                        ScopeSet.Parse(tokens["scope"]!.GetValue<string>())
                    ),
                    account: null,
                    CancellationToken.None
                );
            await services.GetRequiredService<ClientConsents>().AllowAsync(grant.Id, agent, CancellationToken.None);
            await context.Response.WriteAsJsonAsync(
                new JsonObject
                {
                    ["token_type"] = "Bearer",
                    ["access_token"] = "brought-too-late",
                    ["refresh_token"] = "brought-too-late",
                }
            );
            return true;
        };

    private static async Task<Grant> FindAsync(IGrantVault vault)
    {
        TargetName.TryParse("notes", out var notes).ShouldBeTrue();
        return (await vault.ReadAsync(new UserId("corp", "user-1"), notes, Cancel)).ShouldNotBeNull();
    }

    private static async Task<RefreshLease> LeaseAsync(IGrantVault vault) =>
        (await vault.TryLeaseAsync(await FindAsync(vault), Lease, Cancel)).ShouldNotBeNull();

    private static Task<McpAnswer> MoveAsync(FakeTimeProvider time, Task<McpAnswer> call) =>
        call.EndsAsync(time, TimeSpan.FromMilliseconds(100));
}
