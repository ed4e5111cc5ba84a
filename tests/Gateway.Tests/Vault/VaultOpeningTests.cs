using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>A database that cannot be opened at once: what callers hear, and that it is tried until it works.</summary>
public sealed class VaultOpeningTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broken_database_is_reported_once_and_tried_ever_more_seldom_until_it_works()
    {
        var time = new WatchedTime();
        await using var storage = VaultStorage.Sqlite();
        var file = Path.Combine(storage.Folder, "vault.db");
        await File.WriteAllTextAsync(file, new string('x', 5000), Cancel);
        await using var replica = VaultReplica.Create(storage, time);
        replica.Mistakes().ShouldBeEmpty("it may be another's to mend");

        await replica.StartAsync();

        var refused = await Should.ThrowAsync<VaultUnavailableException>(() => replica.Vault.ListAsync(Alice, Cancel));
        refused.Message.ShouldContain("cannot be opened");
        double[] waits = [0.5, 1, 2, 4, 5, 5];
        await Eventually.HoldsAsync(
            () => Task.FromResult(time.Waits.Count(waits.Contains) >= waits.Length),
            time,
            TimeSpan.FromMilliseconds(500)
        );
        time.Waits.Where(waits.Contains).Take(waits.Length).ShouldBe(waits);
        var health = await HealthAsync(replica);
        health.Status.ShouldBe(HealthStatus.Unhealthy);
        health.Description.ShouldBe(refused.Message);
        replica.Logs.Text.Split("no call that needs a user's grant works").Length.ShouldBe(2, "it is logged once");

        File.Delete(file);
        await Eventually.HoldsAsync(
            () => Task.FromResult(replica.Get<VaultAccess>().IsOpen),
            time,
            TimeSpan.FromSeconds(5)
        );
        (await replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel)).Generation.ShouldBe(1);
        (await HealthAsync(replica)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Whoever_comes_first_waits_for_ten_seconds_and_no_longer()
    {
        var time = new WatchedTime();
        await using var storage = VaultStorage.Sqlite();
        await using var replica = VaultReplica.Create(storage, time);

        var list = replica.Vault.ListAsync(Alice, Cancel);
        time.Advance(TimeSpan.FromSeconds(9));
        list.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        (await Should.ThrowAsync<VaultUnavailableException>(list)).Message.ShouldContain("being opened");
    }

    [Fact]
    public async Task One_process_at_a_time_makes_the_tables_and_the_others_wait()
    {
        var time = new WatchedTime();
        await using var storage = VaultStorage.Sqlite();
        await using var replica = VaultReplica.Create(storage, time);
        await using (
            new FileStream(
                Path.Combine(storage.Folder, "vault.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            )
        )
        {
            await replica.StartAsync();
            var list = replica.Vault.ListAsync(Alice, Cancel);
            time.Advance(TimeSpan.FromSeconds(10));

            await Should.ThrowAsync<VaultUnavailableException>(list);
            File.Exists(Path.Combine(storage.Folder, "vault.db")).ShouldBeFalse();
        }

        await Eventually.HoldsAsync(() => replica.Get<VaultAccess>().IsOpen);
    }

    [Fact]
    public async Task A_process_that_was_killed_while_it_made_the_tables_stops_nobody()
    {
        await using var storage = VaultStorage.Sqlite();
        await using (var connection = new SqliteConnection($"Data Source={storage.Folder}/vault.db;Pooling=false"))
        {
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-26 00:00:00');
                """;
            await command.ExecuteNonQueryAsync(Cancel);
        }

        await using var replica = await VaultReplica.StartAsync(storage);

        (await replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel)).Generation.ShouldBe(1);
    }

    [Fact]
    public async Task A_vault_that_has_just_been_heard_of_is_healthy_and_one_that_has_not_is_asked()
    {
        var time = new WatchedTime();
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        await replica.Get<Gateway.Vault.Changes.ChangePoller>().StopAsync(Cancel);
        await replica.Get<Gateway.Vault.Changes.ChangePoller>().PollAsync(Cancel);
        await replica.ExecuteAsync($"ALTER TABLE changes RENAME TO gone");

        (await HealthAsync(replica)).Status.ShouldBe(HealthStatus.Healthy, "it answered within the last second");
        time.Advance(TimeSpan.FromSeconds(1));
        (await HealthAsync(replica)).Status.ShouldBe(HealthStatus.Unhealthy, "a table is lost");
        await replica.ExecuteAsync($"ALTER TABLE gone RENAME TO changes");
        (await HealthAsync(replica)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("10000000", true)]
    [InlineData("10000001", false)]
    public async Task The_cache_may_be_left_out_and_has_a_limit(string size, bool isRight)
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = VaultReplica.Create(storage, settings: ("Gateway:Vault:CacheSize", size));

        replica.Mistakes().Count.ShouldBe(isRight ? 0 : 1);
    }

    private static async Task<HealthReportEntry> HealthAsync(VaultReplica replica) =>
        (await replica.Get<HealthCheckService>().CheckHealthAsync(Cancel)).Entries["vault"];

    /// <summary>A clock that remembers how long it was asked to wait, in seconds.</summary>
    private sealed class WatchedTime() : FakeTimeProvider(TimeProvider.System.GetUtcNow())
    {
        private readonly List<double> _waits = [];

        public IReadOnlyList<double> Waits
        {
            get
            {
                lock (_waits)
                {
                    return [.. _waits];
                }
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (_waits)
            {
                _waits.Add(dueTime.TotalSeconds);
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
