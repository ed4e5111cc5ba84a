using Microsoft.EntityFrameworkCore;

namespace AspireGateway.IdentityProvider.Storage;

/// <summary>OpenIddict's four tables, and when each client that registered itself did so.</summary>
internal sealed class IdentityProviderDbContext(DbContextOptions<IdentityProviderDbContext> options)
    : DbContext(options)
{
    public DbSet<ClientRegistration> Registrations => Set<ClientRegistration>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.UseOpenIddict();
        modelBuilder.Entity<ClientRegistration>().HasKey(static registration => registration.ClientId);
        modelBuilder.Entity<ClientRegistration>().HasIndex(static registration => registration.RegisteredAt);
    }
}

/// <summary>A client that made itself known: by dynamic registration, or by a metadata document at its id.</summary>
internal sealed class ClientRegistration
{
    public required string ClientId { get; init; }

    /// <summary>Unix seconds; the oldest makes room when there are too many.</summary>
    public required long RegisteredAt { get; init; }

    /// <summary>Unix seconds of the last reading of the metadata document; null for a dynamic registration.</summary>
    public long? DocumentReadAt { get; set; }
}
