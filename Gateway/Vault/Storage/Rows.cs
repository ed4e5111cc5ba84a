using AspireGateway.Gateway.Vault.Sealing;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>A row with a sealed part. Times are Unix milliseconds, which every database compares alike.</summary>
internal abstract class SealedRow
{
    public long Id { get; set; }

    /// <summary>Key of the ring that wraps this row's key.</summary>
    public required string KeyId { get; set; }

    public required byte[] WrappedKey { get; set; }

    public required byte[] Content { get; set; }

    public SealedValue Sealed => new(KeyId, WrappedKey, Content);
}

/// <summary>One person's grant at one target.</summary>
internal sealed class GrantRow : SealedRow
{
    public required string Issuer { get; set; }
    public required string Subject { get; set; }
    public required string Target { get; set; }
    public required string AuthorizationServer { get; set; }
    public required string Resource { get; set; }
    public required string ClientId { get; set; }
    public required Guid GrantId { get; set; }
    public required long Generation { get; set; }
    public required GrantState State { get; set; }

    /// <summary>Grows with each lease and each consent; a writer with an older one is refused.</summary>
    public long Fencing { get; set; }

    /// <summary>The lease, not the replica: each has a new one, by which its taker finds the row again.</summary>
    public Guid? LeaseHolder { get; set; }

    /// <summary>0 without a lease.</summary>
    public long LeaseUntil { get; set; }

    public long? NotBefore { get; set; }
    public int Failures { get; set; }
    public required long CreatedAt { get; set; }
    public long? RefreshedAt { get; set; }
    public long? UsedAt { get; set; }
}

/// <summary>A record of <see cref="IRecordStore"/>.</summary>
internal sealed class RecordRow : SealedRow
{
    public required string Kind { get; set; }
    public required byte[] KeyHash { get; set; }
    public byte[]? GroupHash { get; set; }
    public required long Version { get; set; }
    public long? ExpiresAt { get; set; }
    public required long CreatedAt { get; set; }
}

/// <summary>Something that every replica must hear.</summary>
internal sealed class ChangeRow
{
    public long Id { get; set; }
    public required string Topic { get; set; }
    public required string Subject { get; set; }
    public required long CreatedAt { get; set; }
}

/// <summary>A secret of the vault itself.</summary>
internal sealed class SecretRow : SealedRow
{
    public required string Name { get; set; }
}
