using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>A file, for one machine: several processes may share it.</summary>
internal sealed class SqliteDatabase : VaultDatabase
{
    private const int GenericError = 1;
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(20);

    private readonly VaultFolder _folder;
    private readonly string _connectionString;
    private readonly Lazy<PooledDbContextFactory<SqliteVaultContext>> _contexts;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly EndOfTurn _end;

    public SqliteDatabase(VaultFolder folder)
    {
        _folder = folder;
        _end = new EndOfTurn(_turn);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = folder.Database,
            DefaultTimeout = 10,
        }.ToString();
        _contexts = new(() => new(SqliteVaultContext.Options(_connectionString)));
    }

    public override string Location => _folder.Database;

    public override string LatestMigration => SqliteVaultContext.LatestMigration;

    public override VaultContext CreateContext() => _contexts.Value.CreateDbContext();

    /// <summary>A lock on a file, because EF's own lock is a row that a killed process leaves behind.</summary>
    public override async Task<IAsyncDisposable> LockTablesAsync(CancellationToken cancel)
    {
        OwnerOnly.CreateFolder(_folder.FullPath);
        while (true)
        {
            try
            {
                return OwnerOnly.Open(_folder.LockFile, FileMode.OpenOrCreate, FileShare.None);
            }
            catch (IOException) when (File.Exists(_folder.LockFile))
            {
                await Task.Delay(LockRetry, cancel);
            }
        }
    }

    public override async Task PrepareAsync(CancellationToken cancel)
    {
        _folder.Touch(_folder.Database);
        await using var context = CreateContext();
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancel);

        // Whoever wrote EF's lock held ours, and is dead: we hold it now.
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancel);
    }

    /// <summary>Writers of this process take turns here, instead of polling for SQLite's lock.</summary>
    public override async ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        return _end;
    }

    // A deleted row is zeroed in the database's pages, but the write-ahead log still has the page as it was.
    public override async Task PurgeAsync(CancellationToken cancel)
    {
        await using var context = CreateContext();
        await context.Database.ExecuteSqlRawAsync(
            "PRAGMA busy_timeout=500; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout=5000;",
            cancel
        );
    }

    public override FormattableString PublishSql(string topic, string subject, long now) =>
        $"INSERT INTO changes (topic, subject, created_at) VALUES ({topic}, {subject}, {now})";

    /// <summary>Whoever replaces a broken file means the new one to be read: connections stay with the old one for as long as they are open.</summary>
    public override void ForgetConnections()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    public override void Dispose()
    {
        ForgetConnections();
        // The turn is not disposed: a host that stops while the last write still runs would fail it, and there is nothing to free.
    }

    protected override bool MayExist => File.Exists(_folder.Database);

    // The same text as EF's connections have, which is what they are pooled by.
    protected override DbConnection CreateConnection(bool forStart) =>
        new SqliteConnection(
            forStart
                ? new SqliteConnectionStringBuilder(_connectionString) { Pooling = false }.ToString()
                : _connectionString
        );

    // It has no number of its own: that of a generic error would stand for every mistake in SQL, too.
    protected override bool IsWithoutTables(DbException exception) =>
        exception is SqliteException { SqliteErrorCode: GenericError }
        && exception.Message.Contains("no such table", StringComparison.Ordinal);

    private sealed class EndOfTurn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
