using System.Data.Common;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>The way to the tables: shut until the vault is open, and in one word when the database does not answer.</summary>
public sealed class VaultAccessTests
{
    private static readonly Dictionary<string, Func<VaultAccess, Task>> Ways = new(StringComparer.Ordinal)
    {
        ["read"] = static access => access.ReadAsync(static context => context.Grants.CountAsync(Cancel), Cancel),
        ["write"] = static access =>
            access.WriteAsync(static context => context.Grants.ExecuteDeleteAsync(Cancel), Cancel),
        ["change"] = static access => access.ChangeAsync(static _ => Task.FromResult(1), "topic", "subject", Cancel),
        ["purge"] = static access => access.PurgeAsync(Cancel),
        ["query"] = static access =>
            access.QueryAsync("SELECT id FROM changes", static reader => reader.GetInt64(0), Cancel),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whoever_comes_before_it_is_open_waits_and_is_let_in_then(string way)
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = VaultReplica.Create(storage, Time());

        var use = Ways[way](replica.Get<VaultAccess>());
        use.IsCompleted.ShouldBeFalse();
        await replica.StartAsync();

        await use.SoonAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whoever_comes_before_it_is_open_is_turned_away_when_it_cannot_be_opened(string way)
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = VaultReplica.Create(storage, Time());
        var access = replica.Get<VaultAccess>();

        var use = Ways[way](access);
        access.Fail("not today");

        (await Should.ThrowAsync<VaultUnavailableException>(use.SoonAsync())).Message.ShouldBe("not today");
        Should.Throw<VaultUnavailableException>(() => access.Lookup).Message.ShouldBe("not today");
        File.Exists(Path.Combine(storage.Folder, "vault.db")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, false, 2)]
    [InlineData(true, true, 2)]
    [InlineData(false, false, 1)]
    [InlineData(false, true, 1)]
    public async Task A_read_is_repeated_where_the_connection_was_dead_and_nowhere_else(
        bool isDead,
        bool isWrapped,
        int tries
    )
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage, Time());
        var count = 0;
        Exception failure = new Failure(isDead);
        failure = isWrapped ? new DbUpdateException("wrapped", failure) : failure;

        var read = replica
            .Get<VaultAccess>()
            .ReadAsync(_ => count++ == 0 ? Task.FromException<int>(failure) : Task.FromResult(7), Cancel);

        if (isDead)
        {
            (await read).ShouldBe(7);
        }
        else
        {
            (await Should.ThrowAsync<VaultUnavailableException>(read)).Message.ShouldEndWith("the disk is full");
        }

        count.ShouldBe(tries);
    }

    [Fact]
    public async Task What_was_deleted_is_in_no_log_of_the_database_after_a_purge()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage, Time());
        var log = new FileInfo(Path.Combine(storage.Folder, "vault.db-wal"));
        await replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
        log.Refresh();
        log.Length.ShouldBeGreaterThan(0);

        await replica.Get<VaultAccess>().PurgeAsync(Cancel);

        log.Refresh();
        log.Length.ShouldBe(0);
    }

    [Fact]
    public async Task A_database_whose_file_is_gone_is_not_made_anew_by_asking_it()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = VaultReplica.Create(storage, Time());

        var query = replica
            .Get<VaultDatabase>()
            .QueryAsync("SELECT id FROM changes", static reader => reader.GetInt64(0), Cancel);

        (await Should.ThrowAsync<VaultUnavailableException>(query)).Message.ShouldContain("is gone");
        File.Exists(Path.Combine(storage.Folder, "vault.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task At_the_start_a_missing_table_is_no_mistake_and_a_mistake_is_no_missing_table()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage, Time());
        Task<IReadOnlyList<long>> AskAsync(string sql) =>
            replica.Get<VaultDatabase>().QueryAtStartAsync(sql, static reader => reader.GetInt64(0), Cancel);

        (await AskAsync("SELECT id FROM not_there")).ShouldBeEmpty();
        await Should.ThrowAsync<DbException>(AskAsync("SELECT not_there FROM changes"));
    }

    [Theory]
    [InlineData(typeof(TimeoutException), false, true)]
    [InlineData(typeof(IOException), false, true)]
    [InlineData(typeof(UnauthorizedAccessException), false, true)]
    [InlineData(typeof(DbUpdateException), false, true)]
    [InlineData(typeof(TimeoutException), true, true)]
    [InlineData(typeof(IOException), true, true)]
    [InlineData(typeof(Failure), true, true)]
    [InlineData(typeof(NotSupportedException), false, false)]
    [InlineData(typeof(NotSupportedException), true, false)]
    public void A_database_that_does_not_answer_is_told_from_a_mistake_in_the_code(
        Type type,
        bool isWrapped,
        bool isDatabase
    )
    {
        var exception = (Exception)Activator.CreateInstance(type)!;

        DatabaseErrors
            .IsDatabaseError(isWrapped ? new InvalidOperationException("wrapped", exception) : exception)
            .ShouldBe(isDatabase);
    }

    // It stands still, so that nothing happens beside the test.
    private static FakeTimeProvider Time() => new(TimeProvider.System.GetUtcNow());

    private sealed class Failure(bool isDead) : DbException("the disk is full")
    {
        public Failure()
            : this(isDead: false) { }

        public override bool IsTransient => isDead;
    }
}
