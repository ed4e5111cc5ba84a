using AspireGateway.Gateway.Vault.Sealing;
using AspireGateway.Gateway.Vault.Storage;

namespace AspireGateway.Gateway.Vault.Records;

/// <summary>Turns rows into records and back.</summary>
internal sealed class RecordRows(Envelope envelope, ILogger<RecordRows> logger)
{
    public RecordRow New(
        string kind,
        byte[] keyHash,
        byte[]? groupHash,
        ReadOnlySpan<byte> value,
        long? expiresAt,
        long now
    )
    {
        var row = new RecordRow
        {
            Kind = kind,
            KeyHash = keyHash,
            GroupHash = groupHash,
            Version = 0,
            CreatedAt = now,
            KeyId = "",
            WrappedKey = [],
            Content = [],
        };
        Seal(row, value, version: 1, expiresAt);
        return row;
    }

    /// <summary>Seals a value into the row, for a version and an expiry.</summary>
    public void Seal(RecordRow row, ReadOnlySpan<byte> value, long version, long? expiresAt)
    {
        row.Version = version;
        row.ExpiresAt = expiresAt;
        var sealedValue = envelope.Seal(value, RecordCodec.Binding(row));
        row.KeyId = sealedValue.KeyId;
        row.WrappedKey = sealedValue.WrappedKey;
        row.Content = sealedValue.Content;
    }

    public StoredRecord Open(RecordRow row)
    {
        try
        {
            return new StoredRecord(
                row.Id,
                row.Kind,
                row.Version,
                envelope.Open(row.Sealed, RecordCodec.Binding(row)),
                row.ExpiresAt is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null
            );
        }
        catch (UnsealException exception)
        {
            logger.RowUnreadable("records", row.Id, exception.Message);
            throw new VaultUnavailableException("A record in the vault cannot be opened.", exception);
        }
    }
}
