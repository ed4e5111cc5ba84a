using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Maintenance;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>What is over goes away by itself, a minute later at most, and whoever wants to know of it is told.</summary>
public sealed class CleanerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_wants_to_know_is_told_once_how_many_records_of_a_kind_nobody_used()
    {
        var time = NewTime();
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        await replica.Get<Cleaner>().StopAsync(Cancel);
        foreach (
            var (kind, key, minutes) in ((string, string, int)[])
                [
                    ("question", "1", 10),
                    ("question", "2", 10),
                    ("question", "later", 11),
                    ("session", "1", 10),
                    ("answer", "later", 11),
                ]
        )
        {
            await AddAsync(replica, kind, key, time.GetUtcNow().AddMinutes(minutes));
        }

        var (questions, answers) = (new Expiry("question"), new Expiry("answer"));
        var cleaner = new Cleaner(replica.Get<VaultAccess>(), [questions, answers], time, NullLogger<Cleaner>.Instance);
        time.Advance(TimeSpan.FromMinutes(10));

        (await cleaner.CleanAsync(Cancel)).ShouldBe(3);
        (await cleaner.CleanAsync(Cancel)).ShouldBe(0);

        questions.Told.ShouldBe([2]);
        answers.Told.ShouldBeEmpty("none has expired");
        (await replica.CountAsync("SELECT COUNT(*) FROM records")).ShouldBe(2);
    }

    [Fact]
    public async Task Changes_that_every_replica_has_heard_of_are_counted_with_the_rest()
    {
        var time = NewTime();
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        var cleaner = replica.Get<Cleaner>();
        await cleaner.StopAsync(Cancel);
        await AddAsync(replica, "session", "1", time.GetUtcNow().AddMinutes(1));
        await replica.Feed.PublishAsync("targets", "old", Cancel);
        time.Advance(TimeSpan.FromHours(2));
        await replica.Feed.PublishAsync("targets", "new", Cancel);

        (await cleaner.CleanAsync(Cancel)).ShouldBe(2);

        (await replica.CountAsync("SELECT COUNT(*) FROM changes")).ShouldBe(1);
    }

    [Fact]
    public async Task It_cleans_up_by_itself_and_goes_on_after_a_failure()
    {
        var time = NewTime();
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        await AddAsync(replica, "session", "1", time.GetUtcNow().AddSeconds(30));
        await AddAsync(replica, "session", "ever", expiresAt: null);
        await replica.ExecuteAsync(
            $"CREATE TRIGGER broken BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'disk broken'); END"
        );

        await MinutesUntilAsync(time, () => Task.FromResult(replica.Logs.Text.Contains("disk broken")));
        replica.Logs.Text.ShouldContain("Expired records were not cleaned up");
        (await RecordsAsync(replica)).ShouldBe(2);
        await replica.ExecuteAsync($"DROP TRIGGER broken");

        await MinutesUntilAsync(time, async () => await RecordsAsync(replica) == 1);
    }

    [Fact]
    public async Task Ciphertext_of_a_removed_record_is_gone_a_minute_later_while_the_vault_is_still_in_use()
    {
        var time = NewTime();
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        await AddAsync(replica, "session", "1", expiresAt: null);
        var content = (
            await replica
                .Get<VaultDatabase>()
                .QueryAsync("SELECT content FROM records", static row => row.GetFieldValue<byte[]>(0), Cancel)
        ).Single();

        await replica.Records.RemoveAsync("session", "1", Cancel);

        Contains(storage, content).ShouldBeTrue("the write-ahead log has it still");
        await MinutesUntilAsync(time, () => Task.FromResult(!Contains(storage, content)));
        (await AddAsync(replica, "session", "1", expiresAt: null)).ShouldBeTrue();
    }

    private static FakeTimeProvider NewTime() => new(TimeProvider.System.GetUtcNow());

    private static Task<bool> AddAsync(VaultReplica replica, string kind, string key, DateTimeOffset? expiresAt) =>
        replica.Records.TryAddAsync(kind, key, group: null, "v"u8.ToArray(), expiresAt, Cancel);

    private static Task<long> RecordsAsync(VaultReplica replica) => replica.CountAsync("SELECT COUNT(*) FROM records");

    // SQLite and the tests share the files.
    private static bool Contains(VaultStorage storage, byte[] content) =>
        Directory
            .EnumerateFiles(storage.Folder, "vault.db*")
            .Any(file =>
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                return bytes.AsSpan().IndexOf(content) >= 0;
            });

    private static Task MinutesUntilAsync(FakeTimeProvider time, Func<Task<bool>> condition) =>
        Eventually.HoldsAsync(condition, time, TimeSpan.FromMinutes(1));

    private sealed class Expiry(string kind) : IRecordExpiry
    {
        public List<int> Told { get; } = [];

        public string Kind => kind;

        public void Expired(int count) => Told.Add(count);
    }
}
