using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault.Changes;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>What the vault finds when it opens its database: nothing, its tables, those of a later version, or what it cannot understand.</summary>
public sealed class VaultTablesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_first_start_makes_the_folder_and_keeps_a_log_of_writes_beside_the_database()
    {
        await using var storage = VaultStorage.Sqlite();
        var folder = Path.Combine(storage.Folder, "not", "there");
        await using var replica = await VaultReplica.StartAsync(storage, Time(), ("Gateway:Vault:DataPath", folder));

        var mode = await replica
            .Get<VaultDatabase>()
            .QueryAsync("PRAGMA journal_mode", static reader => reader.GetString(0), Cancel);

        mode.ShouldBe(["wal"]);
        File.Exists(Path.Combine(folder, "vault.key")).ShouldBeTrue();
        await OpenedAsync(replica);
    }

    [Theory]
    [InlineData("busy_timeout", 5000)]
    [InlineData("secure_delete", 1)]
    [InlineData("synchronous", 2)]
    public async Task Every_connection_waits_for_writers_zeroes_what_is_deleted_and_has_each_commit_on_the_disk(
        string setting,
        long value
    )
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage, Time());
        await using var context = replica.Get<VaultDatabase>().CreateContext();
        await context.Database.OpenConnectionAsync(Cancel);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {setting}";

        (await command.ExecuteScalarAsync(Cancel)).ShouldBe(value);
    }

    [Fact]
    public async Task With_configured_keys_the_log_names_the_settings_and_no_file()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(
            storage,
            Time(),
            ("Gateway:Vault:Keys:0:Id", "one"),
            ("Gateway:Vault:Keys:0:Value", "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=")
        );

        replica.Logs.Text.ShouldContain("Gateway:Vault:Keys");
        replica.Logs.Text.ShouldNotContain("vault.key");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tables_of_this_version_or_a_later_one_are_used_as_they_are_while_another_process_has_the_lock(
        bool isLater
    )
    {
        await using var storage = VaultStorage.Sqlite();
        await using (var first = await VaultReplica.StartAsync(storage, Time()))
        {
            if (isLater)
            {
                await first.ExecuteAsync($"UPDATE vault_migrations SET MigrationId = '29991231000000_Later'");
            }
        }

        await using var taken = new FileStream(
            Path.Combine(storage.Folder, "vault.lock"),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.None
        );
        await using var replica = VaultReplica.Create(storage, Time());
        await replica.StartAsync();

        await OpenedAsync(replica);
        (await replica.Vault.ListAsync(Alice, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_database_that_comes_back_without_its_key_stays_shut_until_the_key_is_there()
    {
        await using var storage = VaultStorage.Sqlite();
        await using (await VaultReplica.StartAsync(storage, Time())) { }
        var (database, key) = (Path.Combine(storage.Folder, "vault.db"), Path.Combine(storage.Folder, "vault.key"));
        File.Move(database, database + ".aside");
        File.Move(key, key + ".aside");
        await File.WriteAllTextAsync(database, new string('x', 5000), Cancel);
        var time = Time();
        await using var replica = VaultReplica.Create(storage, time);
        await replica.StartAsync();
        var access = replica.Get<VaultAccess>();

        await Eventually.HoldsAsync(() => access.Failure.Contains("cannot be opened", StringComparison.Ordinal));
        File.Move(database + ".aside", database, overwrite: true);
        await HoldsInTimeAsync(() => access.Failure.Contains("which are not there", StringComparison.Ordinal), time);

        access.IsOpen.ShouldBeFalse();
        File.Exists(key).ShouldBeFalse();
        File.Move(key + ".aside", key);
        await HoldsInTimeAsync(() => access.IsOpen, time);
    }

    [Fact]
    public async Task A_mistake_while_it_is_opened_is_in_the_log_alone_and_it_is_tried_again()
    {
        await using var storage = VaultStorage.Sqlite();
        await RunAsync(
            storage,
            "CREATE TABLE vault_migrations (MigrationId TEXT); INSERT INTO vault_migrations VALUES (NULL)"
        );
        var time = Time();
        await using var replica = VaultReplica.Create(storage, time);
        await replica.StartAsync();
        var access = replica.Get<VaultAccess>();

        await Eventually.HoldsAsync(() => access.Failure.Contains("the log says why", StringComparison.Ordinal));
        replica.Logs.Text.ShouldContain("NULL");
        await RunAsync(storage, "DROP TABLE vault_migrations");
        await HoldsInTimeAsync(() => access.IsOpen, time);
    }

    [Fact]
    public async Task A_health_check_waits_for_a_database_that_hangs_no_longer_than_five_seconds()
    {
        var time = Time();
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage, time);
        var health = replica.Get<HealthCheckService>();
        var hangs = new TaskCompletionSource();
        using var go = new ManualResetEventSlim();
        using var subscription = replica.Feed.Subscribe(
            "topic",
            _ =>
            {
                hangs.TrySetResult();
                go.Wait(Cancel);
            }
        );
        var poller = replica.Get<ChangePoller>();
        await poller.StopAsync(Cancel);
        time.Advance(TimeSpan.FromHours(1));
        var polling = Task.Run(() => poller.PollAsync(Cancel), Cancel);
        await hangs.Task.SoonAsync();

        try
        {
            var checking = health.CheckHealthAsync(Cancel);
            checking.IsCompleted.ShouldBeFalse();
            var report = await checking.EndsAsync(time, TimeSpan.FromSeconds(5));
            report.Entries["vault"].Status.ShouldBe(HealthStatus.Unhealthy);
            report.Entries["vault"].Description.ShouldBe("The vault's database does not answer in time.");

            using var leaves = new CancellationTokenSource();
            var left = health.CheckHealthAsync(leaves.Token);
            await leaves.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(left);
        }
        finally
        {
            go.Set();
        }

        await polling;
        (await health.CheckHealthAsync(Cancel)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_health_check_does_not_wait_as_long_as_a_call_for_a_vault_that_is_being_opened()
    {
        var time = Time();
        await using var storage = VaultStorage.Sqlite();
        await using var replica = VaultReplica.Create(storage, time);

        var report = await replica
            .Get<HealthCheckService>()
            .CheckHealthAsync(Cancel)
            .EndsAsync(time, TimeSpan.FromSeconds(5));

        report.Entries["vault"].Status.ShouldBe(HealthStatus.Unhealthy);
        report.Entries["vault"].Description.ShouldBe("The vault is being opened.");
    }

    // Once: it does not open again what is open.
    private static Task OpenedAsync(VaultReplica replica) =>
        replica
            .Services.GetServices<IHostedService>()
            .OfType<VaultOpener>()
            .Single()
            .ExecuteTask.ShouldNotBeNull()
            .SoonAsync();

    private static Task HoldsInTimeAsync(Func<bool> condition, FakeTimeProvider time) =>
        Eventually.HoldsAsync(() => Task.FromResult(condition()), time, TimeSpan.FromSeconds(1));

    private static async Task RunAsync(VaultStorage storage, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={storage.Folder}/vault.db;Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static FakeTimeProvider Time() => new(TimeProvider.System.GetUtcNow());
}
