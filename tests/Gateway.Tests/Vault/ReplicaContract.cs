using System.Collections.Concurrent;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Changes;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>What replicas that share a database see of each other.</summary>
public abstract class ReplicaContract
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<VaultStorage> NewStorageAsync();

    [Fact]
    public async Task Replicas_that_start_at_once_make_the_tables_together()
    {
        await using var storage = await NewStorageAsync();

        var replicas = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => VaultReplica.StartAsync(storage), Cancel))
        );

        await replicas[0].Vault.PutAsync(Binding(), Tokens("x"), account: null, Cancel);
        await replicas[1].Records.TryAddAsync("kind", "key", group: null, "v"u8.ToArray(), expiresAt: null, Cancel);
        foreach (var replica in replicas)
        {
            (await replica.Vault.FindAsync(Alice, Target("notes"), Cancel)).ShouldNotBeNull();
            (await replica.Records.FindAsync("kind", "key", Cancel)).ShouldNotBeNull("they share one lookup key");
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_second_start_finds_everything_and_migrates_nothing()
    {
        await using var storage = await NewStorageAsync();
        await using (var first = await VaultReplica.StartAsync(storage))
        {
            await first.Vault.PutAsync(Binding(), Tokens("kept"), account: null, Cancel);
            await first.Records.TryAddAsync("kind", "key", group: null, "v"u8.ToArray(), expiresAt: null, Cancel);
        }

        await using var second = await VaultReplica.StartAsync(storage);

        var grant = (await second.Vault.FindAsync(Alice, Target("notes"), Cancel)).ShouldNotBeNull();
        grant.Tokens!.AccessToken.Reveal().ShouldBe("access-kept");
        (await second.Records.FindAsync("kind", "key", Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_latest_migration_is_known_without_asking_for_it()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var database = replica.Get<VaultDatabase>();
        await using var context = database.CreateContext();

        context.Database.GetMigrations().Last().ShouldBe(database.LatestMigration);
        context.Database.HasPendingModelChanges().ShouldBeFalse();
    }

    [Fact]
    public async Task What_one_replica_writes_another_sees_within_a_second_although_it_remembers()
    {
        await using var storage = await NewStorageAsync();
        await using var one = await VaultReplica.StartAsync(storage);
        await using var two = await VaultReplica.StartAsync(storage);
        await one.Vault.PutAsync(Binding(), Tokens("old"), account: null, Cancel);
        await Eventually.HoldsAsync(async () => await AccessTokenAsync(two) == "access-old");

        await one.Vault.PutAsync(Binding(), Tokens("new"), account: null, Cancel);
        (await AccessTokenAsync(one)).ShouldBe("access-new", "the writer itself sees it at once");
        await Eventually.HoldsAsync(async () => await AccessTokenAsync(two) == "access-new");

        await one.Vault.RemoveAsync(Alice, Target("notes"), Cancel);
        (await AccessTokenAsync(one)).ShouldBeNull();
        await Eventually.HoldsAsync(async () => await AccessTokenAsync(two) is null);
    }

    [Fact]
    public async Task A_remembered_grant_is_not_read_again_and_not_trusted_when_the_feed_is_silent()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        // It may not have polled for the first time yet, and would hear of what is written here.
        await replica.Get<ChangePoller>().StopAsync(Cancel);
        await replica.Get<ChangePoller>().PollAsync(Cancel);
        await replica.Vault.PutAsync(Binding(), Tokens("a"), account: null, Cancel);
        var first = await replica.Vault.FindAsync(Alice, Target("notes"), Cancel);

        (await replica.Vault.FindAsync(Alice, Target("notes"), Cancel)).ShouldBeSameAs(first);

        // A second of silence ends the trust.
        time.Advance(TimeSpan.FromSeconds(1));
        (await replica.Vault.FindAsync(Alice, Target("notes"), Cancel)).ShouldNotBeSameAs(first);
    }

    [Fact]
    public async Task A_change_is_heard_by_every_replica_in_order()
    {
        await using var storage = await NewStorageAsync();
        await using var one = await VaultReplica.StartAsync(storage);
        await using var two = await VaultReplica.StartAsync(storage);
        await two.Get<ChangePoller>().PollAsync(Cancel);
        var heard = new ConcurrentQueue<string>();
        using var subscription = two.Feed.Subscribe("targets", heard.Enqueue);
        using var other = two.Feed.Subscribe("other", static subject => throw new InvalidOperationException(subject));

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => one.Feed.PublishAsync("targets", $"{i}", Cancel)));

        await Eventually.HoldsAsync(() => heard.Distinct(StringComparer.Ordinal).Count() == 30);
        subscription.Dispose();
        await one.Feed.PublishAsync("targets", "late", Cancel);
        await two.Get<ChangePoller>().PollAsync(Cancel);
        heard.ShouldNotContain("late");
    }

    [Fact]
    public async Task A_replica_that_was_cut_off_for_long_trusts_nothing_from_before()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        await replica.Get<ChangePoller>().PollAsync(Cancel);
        await replica.Get<ChangePoller>().StopAsync(Cancel);
        var heard = new ConcurrentQueue<string>();
        using var subscription = replica.Feed.Subscribe("targets", heard.Enqueue);

        time.Advance(ChangePoller.Retention);
        await replica.Get<ChangePoller>().PollAsync(Cancel);

        heard.ShouldBe([ChangeFeed.Everything]);
    }

    [Fact]
    public async Task A_database_that_stops_answering_is_told_once_and_so_is_its_return()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        var feed = replica.Get<ChangeFeed>();
        await Eventually.HoldsAsync(() => feed.IsCurrent);
        await replica.ExecuteAsync($"ALTER TABLE changes RENAME TO elsewhere");

        // Long enough that it has to look at the whole table again.
        time.Advance(ChangePoller.Retention);
        await Eventually.HoldsAsync(() => Count("Calls that need a user's grant fail") == 1);
        await Should.ThrowAsync<VaultUnavailableException>(() => replica.Get<ChangePoller>().PollAsync(Cancel));
        feed.IsCurrent.ShouldBeFalse("nothing in memory can be trusted");
        await replica.ExecuteAsync($"ALTER TABLE elsewhere RENAME TO changes");
        await Eventually.HoldsAsync(() => Task.FromResult(Count("answers again") > 0), time, TimeSpan.FromSeconds(1));

        await replica.Get<ChangePoller>().PollAsync(Cancel);
        feed.IsCurrent.ShouldBeTrue();
        (Count("Calls that need a user's grant fail"), Count("answers again")).ShouldBe((1, 1));

        int Count(string text) => replica.Logs.Text.Split(text).Length - 1;
    }

    [Fact]
    public async Task Cookies_of_one_replica_are_read_by_another_that_started_at_the_same_time()
    {
        await using var storage = await NewStorageAsync();
        await using var one = await VaultReplica.StartAsync(storage);
        await using var two = await VaultReplica.StartAsync(storage);
        var protectors = new[] { one, two }
            .Select(static replica => replica.Get<IDataProtectionProvider>().CreateProtector("test"))
            .ToList();

        var texts = await Task.WhenAll(
            protectors.Select(static (protector, i) => Task.Run(() => protector.Protect($"text {i}")))
        );

        protectors[1].Unprotect(texts[0]).ShouldBe("text 0");
        protectors[0].Unprotect(texts[1]).ShouldBe("text 1");
        (await one.CountAsync("SELECT COUNT(*) FROM records")).ShouldBe(1, "one key is enough");
        one.Logs.Text.ShouldNotContain("unencrypted", Case.Insensitive);
    }

    [Fact]
    public async Task Health_says_that_the_vault_is_open()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);

        var report = await replica.Get<HealthCheckService>().CheckHealthAsync(Cancel);

        report.Entries["vault"].Status.ShouldBe(HealthStatus.Healthy);
    }

    private static async Task<string?> AccessTokenAsync(VaultReplica replica) =>
        (await replica.Vault.FindAsync(Alice, Target("notes"), Cancel))?.Tokens?.AccessToken.Reveal();
}

public sealed class SqliteReplicaTests : ReplicaContract
{
    private protected override Task<VaultStorage> NewStorageAsync() => Task.FromResult(VaultStorage.Sqlite());
}

public sealed class PostgresReplicaTests(PostgreSqlFixture postgres) : ReplicaContract
{
    private protected override async Task<VaultStorage> NewStorageAsync() =>
        await VaultStorage.PostgresAsync(await postgres.ServerAsync());
}
