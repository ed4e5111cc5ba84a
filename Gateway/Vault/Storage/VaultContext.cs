using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>The vault's tables. Each database has a context of its own, because each has migrations of its own.</summary>
internal abstract partial class VaultContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>Where the migrations that were applied are listed.</summary>
    public const string HistoryTable = "vault_migrations";

    public DbSet<GrantRow> Grants => Set<GrantRow>();

    public DbSet<RecordRow> Records => Set<RecordRow>();

    public DbSet<ChangeRow> Changes => Set<ChangeRow>();

    public DbSet<SecretRow> Secrets => Set<SecretRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<GrantRow>(static grant =>
        {
            grant.ToTable("grants").Ignore(static row => row.Sealed);
            grant
                .HasIndex(static row => new
                {
                    row.Issuer,
                    row.Subject,
                    row.Target,
                })
                .IsUnique();
            grant.HasIndex(static row => row.Target);
            grant.HasIndex(static row => row.GrantId).IsUnique();
            grant.HasIndex(static row => row.KeyId);
        });
        modelBuilder.Entity<RecordRow>(static record =>
        {
            record.ToTable("records").Ignore(static row => row.Sealed);
            record.HasIndex(static row => new { row.Kind, row.KeyHash }).IsUnique();
            record.HasIndex(static row => new { row.Kind, row.GroupHash });
            record.HasIndex(static row => row.ExpiresAt);
            record.HasIndex(static row => row.KeyId);
        });
        modelBuilder.Entity<ChangeRow>(static change =>
        {
            change.ToTable("changes");
            change.HasIndex(static row => row.CreatedAt);
        });
        modelBuilder.Entity<SecretRow>(static secret =>
        {
            secret.ToTable("secrets").Ignore(static row => row.Sealed);
            secret.HasIndex(static row => row.Name).IsUnique();
        });
        UseSnakeCase(modelBuilder);
    }

    // Statements that LINQ cannot say are written out, and read the same for both databases without quotes.
    private static void UseSnakeCase(ModelBuilder modelBuilder)
    {
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(static type => type.GetProperties()))
        {
            property.SetColumnName(WordStart().Replace(property.Name, "_$0").ToLowerInvariant());
        }
    }

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WordStart();
}
