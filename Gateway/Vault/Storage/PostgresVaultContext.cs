using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>The vault's tables in PostgreSQL.</summary>
internal sealed class PostgresVaultContext(DbContextOptions<PostgresVaultContext> options) : VaultContext(options)
{
    /// <summary>Known without loading EF; a test compares it.</summary>
    public const string LatestMigration = "20261126010340_Initial";

    public static DbContextOptions<PostgresVaultContext> Options(string connectionString) =>
        new DbContextOptionsBuilder<PostgresVaultContext>()
            .UseNpgsql(connectionString, static postgres => postgres.MigrationsHistoryTable(HistoryTable))
            .Options;

    /// <summary>For <c>dotnet ef</c>.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<PostgresVaultContext>
    {
        public PostgresVaultContext CreateDbContext(string[] args) => new(Options("Host=localhost"));
    }
}
