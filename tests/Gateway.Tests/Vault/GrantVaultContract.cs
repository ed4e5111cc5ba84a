using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Changes;
using AspireGateway.Gateway.Vault.Grants;
using Microsoft.Extensions.Time.Testing;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>What every store of grants has to do.</summary>
public abstract class GrantVaultContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<VaultStorage> NewStorageAsync();

    [Fact]
    public async Task A_grant_is_found_as_it_was_put()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_123);

        var put = await replica.Vault.PutAsync(Binding(), Tokens("x", expires), "alice.p", Cancel);
        var found = await replica.Vault.FindAsync(Alice, Target("notes"), Cancel);

        found.ShouldNotBeNull().Id.ShouldBe(put.Id);
        found.Binding.ShouldBe(Binding());
        found.Generation.ShouldBe(1);
        found.State.ShouldBe(GrantState.Active);
        found.Account.ShouldBe("alice.p");
        found.Tokens!.AccessToken.Reveal().ShouldBe("access-x");
        found.Tokens.RefreshToken!.Reveal().ShouldBe("refresh-x");
        found.Tokens.ExpiresAt.ShouldBe(expires);
        found.Tokens.Scopes.Values.ShouldBe(["notes:read", "notes:write"]);
        (await replica.Vault.FindAsync(Bob, Target("notes"), Cancel)).ShouldBeNull();
        (await replica.Vault.FindAsync(Alice, Target("other"), Cancel)).ShouldBeNull();
        (await replica.Vault.FindAsync(Alice with { Issuer = "other" }, Target("notes"), Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_token_without_expiry_or_refresh_token_stays_so()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);

        var tokens = new GrantTokens(new Secret("opaque"), RefreshToken: null, ExpiresAt: null, ScopeSet.Empty);
        await replica.Vault.PutAsync(Binding(), tokens, account: null, Cancel);

        var found = (await replica.Vault.ReadAsync(Alice, Target("notes"), Cancel)).ShouldNotBeNull();
        found.Tokens!.RefreshToken.ShouldBeNull();
        found.Tokens.ExpiresAt.ShouldBeNull();
        found.Tokens.Scopes.Values.ShouldBeEmpty();
        found.Account.ShouldBeNull();
    }

    [Fact]
    public async Task A_new_consent_takes_the_place_of_the_old_grant_and_fences_off_its_refresh()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var old = await replica.Vault.PutAsync(Binding(), Tokens("old"), account: null, Cancel);
        var lease = (await replica.Vault.TryLeaseAsync(old, Lease, Cancel)).ShouldNotBeNull();

        var renewed = await replica.Vault.PutAsync(Binding(), Tokens("new"), account: null, Cancel);

        renewed.Id.ShouldNotBe(old.Id);
        (await replica.Vault.CompleteRefreshAsync(lease, Tokens("late"), Cancel)).ShouldBeNull();
        (await replica.Vault.EndAsync(lease, Cancel)).ShouldBeFalse();
        await replica.Vault.PostponeRefreshAsync(lease, DateTimeOffset.MaxValue, Cancel);
        var found = (await replica.Vault.FindAsync(Alice, Target("notes"), Cancel)).ShouldNotBeNull();
        found.Tokens!.AccessToken.Reveal().ShouldBe("access-new");
        found.RefreshNotBefore.ShouldBeNull();
        (await replica.Vault.TryLeaseAsync(renewed, Lease, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_completed_refresh_is_the_next_generation_and_gives_the_lease_back()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var grant = await replica.Vault.PutAsync(Binding(), Tokens("one"), "alice.p", Cancel);
        var lease = (await replica.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();

        var refreshed = (await replica.Vault.CompleteRefreshAsync(lease, Tokens("two"), Cancel)).ShouldNotBeNull();

        refreshed.Generation.ShouldBe(2);
        refreshed.LastRefreshedAt.ShouldNotBeNull();
        var found = (await replica.Vault.FindAsync(Alice, Target("notes"), Cancel)).ShouldNotBeNull();
        found.Generation.ShouldBe(2);
        found.Account.ShouldBe("alice.p");
        found.Tokens!.AccessToken.Reveal().ShouldBe("access-two");
        (await replica.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldBeNull("the first generation is over");
        (await replica.Vault.CompleteRefreshAsync(lease, Tokens("again"), Cancel)).ShouldBeNull();
        (await replica.Vault.TryLeaseAsync(found, Lease, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_many_on_two_replicas_exactly_one_gets_the_lease()
    {
        await using var storage = await NewStorageAsync();
        await using var one = await VaultReplica.StartAsync(storage);
        await using var two = await VaultReplica.StartAsync(storage);
        var grant = await one.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);

        for (var round = 0; round < 5; round++)
        {
            var current = grant;
            var leases = await Task.WhenAll(
                Enumerable
                    .Range(0, 40)
                    .Select(i =>
                        Task.Run(() => (i % 2 == 0 ? one : two).Vault.TryLeaseAsync(current, Lease, Cancel), Cancel)
                    )
            );

            var lease = leases.Single(static lease => lease is not null)!;
            grant = (await two.Vault.CompleteRefreshAsync(lease, Tokens($"{round}"), Cancel)).ShouldNotBeNull();
        }

        grant.Generation.ShouldBe(6);
    }

    [Fact]
    public async Task An_expired_lease_goes_to_another_and_its_old_holder_can_write_nothing()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        var grant = await replica.Vault.PutAsync(Binding(), Tokens("one"), account: null, Cancel);
        var slow = (await replica.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();
        (await replica.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldBeNull();

        time.Advance(Lease);
        var quick = (await replica.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();

        quick.FencingToken.ShouldBeGreaterThan(slow.FencingToken);
        (await replica.Vault.CompleteRefreshAsync(slow, Tokens("slow"), Cancel)).ShouldBeNull();
        (await replica.Vault.EndAsync(slow, Cancel)).ShouldBeFalse();
        (await replica.Vault.CompleteRefreshAsync(quick, Tokens("quick"), Cancel)).ShouldNotBeNull();
        var found = await replica.Vault.ReadAsync(Alice, Target("notes"), Cancel);
        found.ShouldNotBeNull().Tokens!.AccessToken.Reveal().ShouldBe("access-quick");
    }

    [Fact]
    public async Task A_late_answer_is_kept_when_nobody_took_the_expired_lease()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        var grant = await replica.Vault.PutAsync(Binding(), Tokens("one"), account: null, Cancel);
        var lease = (await replica.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();

        time.Advance(Lease * 2);

        (await replica.Vault.CompleteRefreshAsync(lease, Tokens("late"), Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_failed_refresh_is_not_tried_again_before_its_time_by_anybody()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = await NewStorageAsync();
        await using var one = await VaultReplica.StartAsync(storage, time);
        await using var two = await VaultReplica.StartAsync(storage, time);
        var grant = await one.Vault.PutAsync(Binding(), Tokens("one"), account: null, Cancel);
        var lease = (await one.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();
        var notBefore = time.GetUtcNow().AddSeconds(10);

        await one.Vault.PostponeRefreshAsync(lease, notBefore, Cancel);

        var found = (await one.Vault.FindAsync(Alice, Target("notes"), Cancel)).ShouldNotBeNull();
        found.RefreshFailures.ShouldBe(1);
        found.RefreshNotBefore.ShouldBe(notBefore);
        found.Tokens!.RefreshToken!.Reveal().ShouldBe("refresh-one");
        (await two.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldBeNull();
        time.Advance(TimeSpan.FromSeconds(10));
        var again = (await two.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();
        again.Grant.RefreshFailures.ShouldBe(1);
        var refreshed = (await two.Vault.CompleteRefreshAsync(again, Tokens("two"), Cancel)).ShouldNotBeNull();
        refreshed.RefreshFailures.ShouldBe(0);
        refreshed.RefreshNotBefore.ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_gave_a_lease_back_can_write_nothing_under_the_next_one()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var grant = await replica.Vault.PutAsync(Binding(), Tokens("one"), account: null, Cancel);
        var former = (await replica.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();
        await replica.Vault.PostponeRefreshAsync(former, DateTimeOffset.UnixEpoch, Cancel);

        var next = (await replica.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();

        next.FencingToken.ShouldBeGreaterThan(former.FencingToken);
        (await replica.Vault.CompleteRefreshAsync(former, Tokens("late"), Cancel)).ShouldBeNull();
        (await replica.Vault.CompleteRefreshAsync(next, Tokens("two"), Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_a_replica_writes_it_sees_at_once_although_it_remembers_what_was_before()
    {
        // The clock stands still, so that nothing is heard from the database.
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        await replica.Get<ChangePoller>().PollAsync(Cancel);
        var vault = replica.Vault;
        Task<Grant?> FindAsync() => vault.FindAsync(Alice, Target("notes"), Cancel).AsTask();

        (await FindAsync()).ShouldBeNull();
        var grant = await vault.PutAsync(Binding(), Tokens("one"), account: null, Cancel);
        (await FindAsync()).ShouldNotBeNull().Generation.ShouldBe(1);

        var lease = (await vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();
        await vault.PostponeRefreshAsync(lease, time.GetUtcNow(), Cancel);
        (await FindAsync()).ShouldNotBeNull().RefreshFailures.ShouldBe(1);

        lease = (await vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();
        var second = (await vault.CompleteRefreshAsync(lease, Tokens("two"), Cancel)).ShouldNotBeNull();
        (await FindAsync()).ShouldNotBeNull().Generation.ShouldBe(2);

        lease = (await vault.TryLeaseAsync(second, Lease, Cancel)).ShouldNotBeNull();
        await vault.EndAsync(lease, Cancel);
        (await FindAsync()).ShouldNotBeNull().State.ShouldBe(GrantState.Ended);

        await vault.RemoveAsync(Alice, Target("notes"), Cancel);
        (await FindAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_change_that_is_heard_makes_one_grant_be_read_again_and_an_unknown_one_makes_all()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        await replica.Get<ChangePoller>().PollAsync(Cancel);
        await replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
        await replica.Vault.PutAsync(Binding(Bob), Tokens(), account: null, Cancel);
        var (alice, bob) = (await FindAsync(Alice), await FindAsync(Bob));
        var feed = replica.Get<ChangeFeed>();

        feed.Notify(GrantStore.Topic, GrantSubject.Of(Alice, Target("notes")));

        (await FindAsync(Alice)).ShouldNotBeSameAs(alice);
        (await FindAsync(Bob)).ShouldBeSameAs(bob);
        feed.NotifyAll();
        (await FindAsync(Bob)).ShouldNotBeSameAs(bob);

        Task<Grant?> FindAsync(UserId user) => replica.Vault.FindAsync(user, Target("notes"), Cancel).AsTask();
    }

    [Fact]
    public async Task A_grant_that_the_provider_ended_keeps_its_row_and_loses_its_tokens()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var grant = await replica.Vault.PutAsync(Binding(), Tokens("one"), "alice.p", Cancel);
        var lease = (await replica.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();

        (await replica.Vault.EndAsync(lease, Cancel)).ShouldBeTrue();

        var found = (await replica.Vault.FindAsync(Alice, Target("notes"), Cancel)).ShouldNotBeNull();
        found.State.ShouldBe(GrantState.Ended);
        found.Tokens.ShouldBeNull();
        found.Account.ShouldBe("alice.p");
        (await replica.Vault.TryLeaseAsync(found, Lease, Cancel)).ShouldBeNull();
        (await replica.Vault.PutAsync(Binding(), Tokens("new"), account: null, Cancel)).State.ShouldBe(
            GrantState.Active
        );
        (await replica.Vault.FindAsync(Alice, Target("notes"), Cancel)).ShouldNotBeNull().Tokens.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_removed_grant_is_returned_once_and_a_refresh_that_runs_writes_nothing()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var grant = await replica.Vault.PutAsync(Binding(), Tokens("one"), account: null, Cancel);
        await replica.Vault.PutAsync(Binding(Bob), Tokens("bob"), account: null, Cancel);
        var lease = (await replica.Vault.TryLeaseAsync(grant, Lease, Cancel)).ShouldNotBeNull();

        var removed = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => replica.Vault.RemoveAsync(Alice, Target("notes"), Cancel))
        );

        removed.Single(static grant => grant is not null)!.Tokens!.RefreshToken!.Reveal().ShouldBe("refresh-one");
        (await replica.Vault.CompleteRefreshAsync(lease, Tokens("late"), Cancel)).ShouldBeNull();
        (await replica.Vault.FindAsync(Alice, Target("notes"), Cancel)).ShouldBeNull();
        (await replica.Vault.FindAsync(Bob, Target("notes"), Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Grants_are_listed_by_person_and_by_target()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        await replica.Vault.PutAsync(Binding(Alice, "orders"), Tokens(), account: null, Cancel);
        await replica.Vault.PutAsync(Binding(Alice, "notes"), Tokens(), account: null, Cancel);
        await replica.Vault.PutAsync(Binding(Bob, "notes"), Tokens(), account: null, Cancel);
        var other = Alice with { Issuer = "another" };
        await replica.Vault.PutAsync(Binding(other, "notes"), Tokens(), account: null, Cancel);

        var ofAlice = await replica.Vault.ListAsync(Alice, Cancel);
        var ofNotes = await replica.Vault.ListAsync(Target("notes"), Cancel);

        ofAlice.Select(static grant => grant.Binding.Target.Value).ShouldBe(["notes", "orders"]);
        ofNotes.Select(static grant => grant.Binding.User).ShouldBe([other, Alice, Bob]);
        (await replica.Vault.ListAsync(new UserId("corp", "carol"), Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task When_a_grant_was_used_is_written_now_and_then()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        var used = await replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
        await replica.Vault.PutAsync(Binding(target: "orders"), Tokens(), account: null, Cancel);

        replica.Vault.MarkUsed(used);
        replica.Vault.MarkUsed(used);
        await replica.Get<UsageWriter>().WriteAsync(Cancel);

        (await replica.Vault.ListAsync(Alice, Cancel))
            .Select(static grant => grant.LastUsedAt)
            .ShouldBe([time.GetUtcNow(), null]);
    }

    [Fact]
    public async Task The_last_use_is_written_once_every_minute_and_at_the_end_and_never_moves_back()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var early = time.GetUtcNow();
        await using var storage = await NewStorageAsync();
        DateTimeOffset used;
        await using (var replica = await VaultReplica.StartAsync(storage, time))
        {
            var grant = await replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
            replica.Vault.MarkUsed(grant);
            (await LastUsedAsync(replica)).ShouldBeNull("it is not written at each use");
            await Eventually.HoldsAsync(
                async () => await LastUsedAsync(replica) is not null,
                time,
                TimeSpan.FromMinutes(1)
            );
            used = (await LastUsedAsync(replica)).ShouldNotBeNull();
            used.ShouldBeInRange(early + TimeSpan.FromMinutes(1), time.GetUtcNow());

            time.Advance(TimeSpan.FromMinutes(1));
            await replica.Get<UsageWriter>().WriteAsync(Cancel);
            (await LastUsedAsync(replica)).ShouldBe(used, "nobody has used it since");

            replica.Vault.MarkUsed(grant);
            time.Advance(TimeSpan.FromSeconds(1));
            used = time.GetUtcNow();
        }

        await using var behind = await VaultReplica.StartAsync(storage, new FakeTimeProvider(early));
        (await LastUsedAsync(behind)).ShouldBe(used, "what was left is written when the gateway stops");
        behind.Vault.MarkUsed((await behind.Vault.ReadAsync(Alice, Target("notes"), Cancel))!);
        await behind.Get<UsageWriter>().WriteAsync(Cancel);
        (await LastUsedAsync(behind)).ShouldBe(used, "its clock is behind");
    }

    private static async Task<DateTimeOffset?> LastUsedAsync(VaultReplica replica) =>
        (await replica.Vault.ReadAsync(Alice, Target("notes"), Cancel))?.LastUsedAt;
}

public sealed class SqliteGrantVaultTests : GrantVaultContract
{
    private protected override Task<VaultStorage> NewStorageAsync() => Task.FromResult(VaultStorage.Sqlite());
}

public sealed class PostgresGrantVaultTests(PostgreSqlFixture postgres) : GrantVaultContract
{
    private protected override async Task<VaultStorage> NewStorageAsync() =>
        await VaultStorage.PostgresAsync(await postgres.ServerAsync());
}
