namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>What differs between the databases.</summary>
internal abstract class VaultDatabase : IDisposable
{
    /// <summary>Names the keys that sealed rows need.</summary>
    protected const string KeyIdsSql =
        "SELECT key_id FROM grants UNION SELECT key_id FROM records UNION SELECT key_id FROM secrets";

    /// <summary>PostgreSQL where a connection string names one, else SQLite in the folder.</summary>
    public static VaultDatabase Create(string? connectionString, VaultFolder folder) =>
        string.IsNullOrWhiteSpace(connectionString)
            ? new SqliteDatabase(folder)
            : new PostgresDatabase(connectionString);

    /// <summary>Where it is, without a password.</summary>
    public abstract string Location { get; }

    public abstract VaultContext CreateContext();

    /// <summary>The keys that its rows need; none when it has no tables yet. For the start, where EF would cost time.</summary>
    public abstract IReadOnlyList<string> ReadKeyIds();

    /// <summary>Lets one process at a time create or change the tables. Whatever happens to that process, the lock goes with it.</summary>
    public abstract Task<IAsyncDisposable> LockTablesAsync(CancellationToken cancel);

    /// <summary>What has to be done before migrations, with the lock held.</summary>
    public virtual Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Waits for the turn to write, where the database has only one writer at a time.</summary>
    public virtual ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancel) => default;

    /// <summary>
    /// Statement that adds a row to <c>changes</c>, at the end of a transaction. Numbers must become visible in their order,
    /// because readers ask for those above the last one that they saw.
    /// </summary>
    public abstract FormattableString PublishSql(string topic, string subject, long now);

    /// <summary>Forgets connections that may be broken.</summary>
    public virtual void ForgetConnections() { }

    public abstract void Dispose();
}
