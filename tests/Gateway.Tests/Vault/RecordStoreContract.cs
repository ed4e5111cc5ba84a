using System.Text;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Maintenance;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>What every store of records has to do.</summary>
public abstract class RecordStoreContract
{
    private const string Kind = "authorization";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<VaultStorage> NewStorageAsync();

    private static FakeTimeProvider NewTime() => new(DateTimeOffset.UnixEpoch.AddYears(56));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(StoredRecord? record) => Encoding.UTF8.GetString(record.ShouldNotBeNull().Value.Span);

    [Fact]
    public async Task A_record_is_found_by_its_kind_and_key_only()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var records = replica.Records;

        (await records.TryAddAsync(Kind, "k", "g", Bytes("one"), expiresAt: null, Cancel)).ShouldBeTrue();

        Text(await records.FindAsync(Kind, "k", Cancel)).ShouldBe("one");
        (await records.FindAsync(Kind, "K", Cancel)).ShouldBeNull();
        (await records.FindAsync("session", "k", Cancel)).ShouldBeNull();
        (await records.TryAddAsync(Kind, "k", "g", Bytes("two"), expiresAt: null, Cancel)).ShouldBeFalse();
        (await records.TryAddAsync("session", "k", "g", Bytes("three"), expiresAt: null, Cancel)).ShouldBeTrue();
        Text(await records.FindAsync(Kind, "k", Cancel)).ShouldBe("one");
    }

    [Fact]
    public async Task Of_many_takers_on_two_replicas_exactly_one_gets_the_record()
    {
        await using var storage = await NewStorageAsync();
        await using var one = await VaultReplica.StartAsync(storage);
        await using var two = await VaultReplica.StartAsync(storage);

        for (var round = 0; round < 5; round++)
        {
            var key = $"state-{round}";
            (await one.Records.TryAddAsync(Kind, key, group: null, Bytes(key), expiresAt: null, Cancel)).ShouldBeTrue();
            var taken = await Task.WhenAll(
                Enumerable
                    .Range(0, 30)
                    .Select(i => Task.Run(() => (i % 2 == 0 ? one : two).Records.TakeAsync(Kind, key, Cancel), Cancel))
            );
            Text(taken.Single(static record => record is not null)).ShouldBe(key);
        }
    }

    [Fact]
    public async Task Of_many_that_add_the_same_key_exactly_one_succeeds()
    {
        await using var storage = await NewStorageAsync();
        await using var one = await VaultReplica.StartAsync(storage);
        await using var two = await VaultReplica.StartAsync(storage);

        var added = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    Task.Run(
                        () =>
                            (i % 2 == 0 ? one : two).Records.TryAddAsync(
                                Kind,
                                "k",
                                group: null,
                                Bytes($"{i}"),
                                expiresAt: null,
                                Cancel
                            ),
                        Cancel
                    )
                )
        );

        added.Count(static success => success).ShouldBe(1);
        var winner = Array.IndexOf(added, true);
        Text(await one.Records.FindAsync(Kind, "k", Cancel)).ShouldBe($"{winner}");
    }

    [Fact]
    public async Task An_update_needs_the_version_that_was_read()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var records = replica.Records;
        await records.TryAddAsync(Kind, "k", "g", Bytes("one"), expiresAt: null, Cancel);
        var first = (await records.FindAsync(Kind, "k", Cancel)).ShouldNotBeNull();

        var second = (await records.TryUpdateAsync(first, Bytes("two"), expiresAt: null, Cancel)).ShouldNotBeNull();

        second.Version.ShouldBe(first.Version + 1);
        (await records.TryUpdateAsync(first, Bytes("late"), expiresAt: null, Cancel)).ShouldBeNull();
        (await records.RemoveAsync(first, Cancel)).ShouldBeFalse();
        Text(await records.FindAsync(Kind, "k", Cancel)).ShouldBe("two");
        Text((await records.ListAsync(Kind, "g", Cancel)).Single()).ShouldBe("two");
        (await records.RemoveAsync(second, Cancel)).ShouldBeTrue();
        (await records.TryUpdateAsync(second, Bytes("gone"), expiresAt: null, Cancel)).ShouldBeNull();
        (await records.FindAsync(Kind, "k", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_change_of_one_record_leaves_the_others_alone()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var records = replica.Records;
        await records.TryAddAsync(Kind, "1", "g", Bytes("one"), expiresAt: null, Cancel);
        await records.TryAddAsync(Kind, "2", "g", Bytes("two"), expiresAt: null, Cancel);
        var first = (await records.FindAsync(Kind, "1", Cancel)).ShouldNotBeNull();
        var second = (await records.FindAsync(Kind, "2", Cancel)).ShouldNotBeNull();

        Text(await records.TryUpdateAsync(first, Bytes("changed"), expiresAt: null, Cancel)).ShouldBe("changed");

        Text(await records.FindAsync(Kind, "2", Cancel)).ShouldBe("two");
        (await records.RemoveAsync(second, Cancel)).ShouldBeTrue();
        Text(await records.FindAsync(Kind, "1", Cancel)).ShouldBe("changed");
    }

    [Fact]
    public async Task A_record_is_removed_by_its_kind_and_key_only()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var records = replica.Records;
        var end = TimeProvider.System.GetUtcNow().AddHours(1);
        await records.TryAddAsync(Kind, "1", group: null, Bytes("one"), expiresAt: null, Cancel);
        await records.TryAddAsync(Kind, "2", group: null, Bytes("two"), end, Cancel);
        await records.TryAddAsync("session", "1", group: null, Bytes("other"), expiresAt: null, Cancel);

        (await records.RemoveAsync(Kind, "3", Cancel)).ShouldBeFalse();
        (await records.RemoveAsync(Kind, "1", Cancel)).ShouldBeTrue();

        (await records.RemoveAsync(Kind, "1", Cancel)).ShouldBeFalse("it is gone");
        Text(await records.FindAsync("session", "1", Cancel)).ShouldBe("other");
        Text(await records.FindAsync(Kind, "2", Cancel)).ShouldBe("two");
        (await records.RemoveAsync(Kind, "2", Cancel)).ShouldBeTrue("it has not expired");
    }

    [Fact]
    public async Task A_record_that_has_an_end_can_be_changed_until_then_and_its_end_moved()
    {
        var time = NewTime();
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        await replica.Get<Cleaner>().StopAsync(Cancel);
        var records = replica.Records;
        var end = time.GetUtcNow().AddMinutes(1);
        await records.TryAddAsync(Kind, "k", "g", Bytes("one"), end, Cancel);
        var first = (await records.FindAsync(Kind, "k", Cancel)).ShouldNotBeNull();

        var moved = await records.TryUpdateAsync(first, Bytes("two"), end.AddMinutes(1), Cancel);

        moved.ShouldNotBeNull().ExpiresAt.ShouldBe(end.AddMinutes(1));
        time.Advance(TimeSpan.FromMinutes(1));
        Text(await records.FindAsync(Kind, "k", Cancel)).ShouldBe("two");
        (await records.ListAsync(Kind, "g", Cancel)).Count.ShouldBe(1);
        time.Advance(TimeSpan.FromMinutes(1));
        (await records.TryUpdateAsync(moved, Bytes("late"), expiresAt: null, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_comes_before_the_vault_is_open_waits_for_it()
    {
        await using var storage = await NewStorageAsync();
        await using (var first = await VaultReplica.StartAsync(storage))
        {
            await first.Records.TryAddAsync(Kind, "1", "g", Bytes("one"), expiresAt: null, Cancel);
            await first.Records.TryAddAsync(Kind, "2", group: null, Bytes("two"), expiresAt: null, Cancel);
        }

        await using var replica = VaultReplica.Create(storage);
        var found = replica.Records.FindAsync(Kind, "1", Cancel);
        var listed = replica.Records.ListAsync(Kind, "g", Cancel);
        var removed = replica.Records.RemoveAsync(Kind, "2", Cancel);
        var added = replica.Records.TryAddAsync(Kind, "3", group: null, Bytes("three"), expiresAt: null, Cancel);
        var put = replica.Vault.PutAsync(SampleGrants.Binding(), SampleGrants.Tokens(), account: null, Cancel);
        Task[] all = [found, listed, removed, added, put];
        all.ShouldAllBe(static task => !task.IsCompleted);

        await replica.StartAsync();

        Text(await found).ShouldBe("one");
        (await listed).Count.ShouldBe(1);
        (await removed).ShouldBeTrue();
        (await added).ShouldBeTrue();
        (await put).Generation.ShouldBe(1);
    }

    [Fact]
    public async Task An_expired_record_is_as_good_as_gone_and_makes_room()
    {
        var time = NewTime();
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        var records = replica.Records;
        var end = time.GetUtcNow().AddMinutes(10);
        await records.TryAddAsync(Kind, "k", "g", Bytes("old"), end, Cancel);
        var old = (await records.FindAsync(Kind, "k", Cancel)).ShouldNotBeNull();
        old.ExpiresAt.ShouldBe(end);

        // Else it would be deleted before anybody asks.
        await replica.Get<Cleaner>().StopAsync(Cancel);
        time.Advance(TimeSpan.FromMinutes(10));

        (await records.FindAsync(Kind, "k", Cancel)).ShouldBeNull();
        (await records.TakeAsync(Kind, "k", Cancel)).ShouldBeNull();
        (await records.ListAsync(Kind, "g", Cancel)).ShouldBeEmpty();
        (await records.RemoveAsync(Kind, "k", Cancel)).ShouldBeFalse();
        (await records.TryUpdateAsync(old, Bytes("revived"), expiresAt: null, Cancel)).ShouldBeNull();
        (await records.TryAddAsync(Kind, "k", "g", Bytes("new"), expiresAt: null, Cancel)).ShouldBeTrue();
        (await records.RemoveAsync(old, Cancel)).ShouldBeFalse();
        Text(await records.TakeAsync(Kind, "k", Cancel)).ShouldBe("new");
    }

    [Fact]
    public async Task Records_are_listed_by_kind_and_group_oldest_first()
    {
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage);
        var records = replica.Records;
        await records.TryAddAsync(Kind, "1", "alice", Bytes("a1"), expiresAt: null, Cancel);
        await records.TryAddAsync(Kind, "2", "bob", Bytes("b"), expiresAt: null, Cancel);
        await records.TryAddAsync(Kind, "3", "alice", Bytes("a2"), expiresAt: null, Cancel);
        await records.TryAddAsync(Kind, "4", group: null, Bytes("nobody"), expiresAt: null, Cancel);
        await records.TryAddAsync("session", "5", "alice", Bytes("other"), expiresAt: null, Cancel);

        (await records.ListAsync(Kind, "alice", Cancel)).Select(Text).ShouldBe(["a1", "a2"]);
        (await records.ListAsync(Kind, group: null, Cancel)).Select(Text).ShouldBe(["a1", "b", "a2", "nobody"]);
        (await records.ListAsync(Kind, "carol", Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Expired_records_and_old_changes_are_cleaned_up_and_the_others_stay()
    {
        var time = NewTime();
        await using var storage = await NewStorageAsync();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        await replica.Records.TryAddAsync(
            Kind,
            "short",
            group: null,
            Bytes("x"),
            time.GetUtcNow().AddMinutes(1),
            Cancel
        );
        await replica.Records.TryAddAsync(Kind, "long", group: null, Bytes("x"), time.GetUtcNow().AddHours(3), Cancel);
        await replica.Records.TryAddAsync(Kind, "ever", group: null, Bytes("x"), expiresAt: null, Cancel);
        await replica.Feed.PublishAsync("targets", "old", Cancel);
        var cleaner = replica.Get<Cleaner>();
        (await cleaner.CleanAsync(Cancel)).ShouldBe(0);

        time.Advance(TimeSpan.FromHours(2));
        await replica.Feed.PublishAsync("targets", "new", Cancel);
        await cleaner.CleanAsync(Cancel);

        (await replica.CountAsync("SELECT COUNT(*) FROM records")).ShouldBe(2);
        (await replica.CountAsync("SELECT COUNT(*) FROM changes")).ShouldBe(1);
        (await replica.Records.FindAsync(Kind, "long", Cancel)).ShouldNotBeNull();
    }
}

public sealed class SqliteRecordStoreTests : RecordStoreContract
{
    private protected override Task<VaultStorage> NewStorageAsync() => Task.FromResult(VaultStorage.Sqlite());
}

public sealed class PostgresRecordStoreTests(PostgreSqlFixture postgres) : RecordStoreContract
{
    private protected override async Task<VaultStorage> NewStorageAsync() =>
        await VaultStorage.PostgresAsync(await postgres.ServerAsync());
}
