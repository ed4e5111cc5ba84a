using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>A server, for any number of replicas.</summary>
internal sealed class PostgresDatabase : VaultDatabase
{
    // Numbers of advisory locks, shared by everything that uses the database: the first bytes of "AGv1" and "AGc1".
    private const long TablesLock = 0x41477631;
    private const long ChangesLock = 0x41476331;

    // A start must not wait long for a server that is not there.
    private const int ProbeSeconds = 3;

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly Lazy<PooledDbContextFactory<PostgresVaultContext>> _contexts;

    public PostgresDatabase(string connectionString)
    {
        _connection = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "AspireGateway" };
        if (string.IsNullOrWhiteSpace(_connection.Options))
        {
            // A replica that stands still in the middle of a transaction must not stop the others for long.
            _connection.Options = "-c idle_in_transaction_session_timeout=10000 -c lock_timeout=10000";
        }

        _contexts = new(() => new(PostgresVaultContext.Options(_connection.ToString())));
    }

    public override string Location => $"PostgreSQL {_connection.Host}:{_connection.Port}/{_connection.Database}";

    public override VaultContext CreateContext() => _contexts.Value.CreateDbContext();

    public override IReadOnlyList<string> ReadKeyIds()
    {
        var probe = new NpgsqlConnectionStringBuilder(_connection.ToString())
        {
            Pooling = false,
            Timeout = ProbeSeconds,
            CommandTimeout = ProbeSeconds,
        };
        using var connection = new NpgsqlConnection(probe.ToString());
        try
        {
            connection.Open();
            using var command = new NpgsqlCommand(KeyIdsSql, connection);
            using var reader = command.ExecuteReader();
            var ids = new List<string>();
            while (reader.Read())
            {
                ids.Add(reader.GetString(0));
            }

            return ids;
        }
        catch (PostgresException exception)
            when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidCatalogName)
        {
            // It was never opened.
            return [];
        }
    }

    public override async Task<IAsyncDisposable> LockTablesAsync(CancellationToken cancel)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(_connection.ToString())
        {
            Pooling = false,
            CommandTimeout = 60,
            Options = "",
        };
        var connection = new NpgsqlConnection(unpooled.ToString());
        try
        {
            await connection.OpenAsync(cancel);
            await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({TablesLock})", connection);
            await command.ExecuteNonQueryAsync(cancel);

            // Closing the connection gives the lock back.
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // The lock is held until the transaction ends, so numbers are given and become visible in one order.
    public override FormattableString PublishSql(string topic, string subject, long now) =>
        $"""
            SELECT pg_advisory_xact_lock({ChangesLock});
            INSERT INTO changes (topic, subject, created_at) VALUES ({topic}, {subject}, {now})
            """;

    public override void ForgetConnections()
    {
        using var connection = new NpgsqlConnection(_connection.ToString());
        NpgsqlConnection.ClearPool(connection);
    }

    public override void Dispose() => ForgetConnections();
}
