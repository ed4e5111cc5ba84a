using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>The vault's tables in SQLite.</summary>
internal sealed class SqliteVaultContext(DbContextOptions<SqliteVaultContext> options) : VaultContext(options)
{
    /// <summary>Known without loading EF; a test compares it.</summary>
    public const string LatestMigration = "20261126010310_Initial";

    public static DbContextOptions<SqliteVaultContext> Options(string connectionString) =>
        new DbContextOptionsBuilder<SqliteVaultContext>()
            .UseSqlite(connectionString, static sqlite => sqlite.MigrationsHistoryTable(HistoryTable))
            .AddInterceptors(ConnectionSettings.Instance)
            .Options;

    /// <summary>For <c>dotnet ef</c>.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<SqliteVaultContext>
    {
        public SqliteVaultContext CreateDbContext(string[] args) => new(Options("Data Source=:memory:"));
    }

    /// <summary>
    /// Waits for another process that writes; zeroes what is deleted, so that no ciphertext stays in free pages; and syncs
    /// each commit, because a rotated token that is lost cannot be had again.
    /// </summary>
    private sealed class ConnectionSettings : DbConnectionInterceptor
    {
        public static readonly ConnectionSettings Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
            Apply(connection);

        public override Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            Apply(connection);
            return Task.CompletedTask;
        }

        private static void Apply(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout=5000; PRAGMA secure_delete=ON; PRAGMA synchronous=FULL;";
            command.ExecuteNonQuery();
        }
    }
}
