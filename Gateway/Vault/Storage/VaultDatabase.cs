using System.Data.Common;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>What differs between the databases.</summary>
internal abstract class VaultDatabase : IDisposable
{
    /// <summary>PostgreSQL where a connection string names one, else SQLite in the folder.</summary>
    public static VaultDatabase Create(string? connectionString, VaultFolder folder) =>
        string.IsNullOrWhiteSpace(connectionString)
            ? new SqliteDatabase(folder)
            : new PostgresDatabase(connectionString);

    /// <summary>Where it is, without a password.</summary>
    public abstract string Location { get; }

    public abstract VaultContext CreateContext();

    /// <summary>The migration that this version of the gateway needs.</summary>
    public abstract string LatestMigration { get; }

    /// <summary>The keys that its rows need; none when it has no tables yet. It does not wait long for a server that is not there.</summary>
    public IReadOnlyList<string> ReadKeyIds()
    {
        if (!MayExist)
        {
            return [];
        }

        using var connection = CreateConnection(forStart: true);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT key_id FROM grants UNION SELECT key_id FROM records UNION SELECT key_id FROM secrets";
        try
        {
            connection.Open();
            using var reader = command.ExecuteReader();
            var ids = new List<string>();
            while (reader.Read())
            {
                ids.Add(reader.GetString(0));
            }

            return ids;
        }
        catch (DbException exception) when (IsWithoutTables(exception))
        {
            return [];
        }
    }

    /// <summary>The same as <see cref="QueryAsync"/>, before the tables are known to be there: empty when they are not.</summary>
    public async Task<IReadOnlyList<T>> QueryAtStartAsync<T>(
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancel,
        params (string Name, object Value)[] parameters
    )
    {
        try
        {
            return MayExist ? await QueryAsync(sql, read, cancel, parameters) : [];
        }
        catch (DbException exception) when (IsWithoutTables(exception))
        {
            return [];
        }
    }

    /// <summary>
    /// Reads without EF, for what happens at every start and several times a second: EF costs a second of computing before
    /// its first statement, which a gateway without users' grants need not spend.
    /// </summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancel,
        params (string Name, object Value)[] parameters
    )
    {
        if (!MayExist)
        {
            throw new VaultUnavailableException($"The vault's database ({Location}) is gone.");
        }

        await using var connection = CreateConnection(forStart: false);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        await connection.OpenAsync(cancel);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

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

    /// <summary>Removes what was deleted from every file of the database, where files are the vault's own affair and nobody reads them just now.</summary>
    public virtual Task PurgeAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Forgets connections that may be broken.</summary>
    public virtual void ForgetConnections() { }

    public abstract void Dispose();

    /// <summary>False when it certainly does not exist yet; opening it would make it.</summary>
    protected virtual bool MayExist => true;

    /// <summary>A connection that is not open.</summary>
    /// <param name="forStart">Not pooled, and without patience.</param>
    protected abstract DbConnection CreateConnection(bool forStart);

    /// <summary>Whether an error means that there are no tables yet.</summary>
    protected abstract bool IsWithoutTables(DbException exception);
}
