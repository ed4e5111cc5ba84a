using System.Data.Common;
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
    private const int StartSeconds = 3;

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly Lazy<PooledDbContextFactory<PostgresVaultContext>> _contexts;

    public PostgresDatabase(string connectionString)
    {
        _connection = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "AspireGateway" };
        _contexts = new(() => new(PostgresVaultContext.Options(_connection.ToString())));
    }

    public override string Location => $"PostgreSQL {_connection.Host}:{_connection.Port}/{_connection.Database}";

    public override string LatestMigration => PostgresVaultContext.LatestMigration;

    public override VaultContext CreateContext() => _contexts.Value.CreateDbContext();

    public override async Task<IAsyncDisposable> LockTablesAsync(CancellationToken cancel)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(_connection.ToString())
        {
            Pooling = false,
            CommandTimeout = 60,
        };
        var connection = new NpgsqlConnection(unpooled.ToString());
        try
        {
            await connection.OpenAsync(cancel);
            await using var command = new NpgsqlCommand(
                $"BEGIN; SELECT pg_advisory_xact_lock({TablesLock})",
                connection
            );
            await command.ExecuteNonQueryAsync(cancel);

            // Closing the connection ends the transaction, and gives the lock back.
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // The lock is held until the transaction ends, so numbers are given and become visible in one order. A replica that stands
    // still before it commits must not stop the others for long, so the server ends its transaction then.
    public override FormattableString PublishSql(string topic, string subject, long now) =>
        $"""
            SELECT set_config('lock_timeout', '10s', true), set_config('idle_in_transaction_session_timeout', '10s', true);
            SELECT pg_advisory_xact_lock({ChangesLock});
            INSERT INTO changes (topic, subject, created_at) VALUES ({topic}, {subject}, {now})
            """;

    public override void ForgetConnections()
    {
        using var connection = new NpgsqlConnection(_connection.ToString());
        NpgsqlConnection.ClearPool(connection);
    }

    public override void Dispose() => ForgetConnections();

    protected override DbConnection CreateConnection(bool forStart) =>
        new NpgsqlConnection(
            forStart
                ? new NpgsqlConnectionStringBuilder(_connection.ToString())
                {
                    Pooling = false,
                    Timeout = StartSeconds,
                    CommandTimeout = StartSeconds,
                }.ToString()
                : _connection.ToString()
        );

    protected override bool IsWithoutTables(DbException exception) =>
        exception
            is PostgresException
            {
                SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidCatalogName
            };
}
