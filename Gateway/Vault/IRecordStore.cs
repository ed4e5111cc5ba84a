namespace AspireGateway.Gateway.Vault;

/// <summary>
/// Small sealed records that every replica sees: pending consents and authorizations, client registrations, sessions, and
/// what else must survive. Keys are kept as HMACs only, values are sealed for their kind and key.
/// </summary>
internal interface IRecordStore
{
    /// <summary>Adds a record.</summary>
    /// <param name="kind">What it is, for example <c>authorization</c>.</param>
    /// <param name="key">Its secret or public key; only an HMAC of it is stored.</param>
    /// <param name="group">What <see cref="ListAsync"/> finds it by, for example a user; only an HMAC is stored. Null for none.</param>
    /// <param name="value">The content.</param>
    /// <param name="expiresAt">From then on it is not found any more, and cleaned up later; null for never.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <returns>False when there is one of this kind and key already that has not expired.</returns>
    Task<bool> TryAddAsync(
        string kind,
        string key,
        string? group,
        ReadOnlyMemory<byte> value,
        DateTimeOffset? expiresAt,
        CancellationToken cancel
    );

    /// <summary>Finds a record; null when there is none or it has expired.</summary>
    Task<StoredRecord?> FindAsync(string kind, string key, CancellationToken cancel);

    /// <summary>Removes a record and returns it: of all callers on all replicas exactly one gets it.</summary>
    Task<StoredRecord?> TakeAsync(string kind, string key, CancellationToken cancel);

    /// <summary>Replaces value and expiry if the record is still of this version.</summary>
    /// <returns>The new version; null when somebody else was faster.</returns>
    Task<StoredRecord?> TryUpdateAsync(
        StoredRecord record,
        ReadOnlyMemory<byte> value,
        DateTimeOffset? expiresAt,
        CancellationToken cancel
    );

    /// <summary>Removes a record; false when there was none.</summary>
    Task<bool> RemoveAsync(string kind, string key, CancellationToken cancel);

    /// <summary>All records of a kind, or of one of its groups, oldest first.</summary>
    Task<IReadOnlyList<StoredRecord>> ListAsync(string kind, string? group, CancellationToken cancel);

    /// <summary>Removes a record that was found by <see cref="ListAsync"/>; false when it is gone or changed.</summary>
    Task<bool> RemoveAsync(StoredRecord record, CancellationToken cancel);
}

/// <summary>A record as it was read.</summary>
/// <param name="Id">Row of the database.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Version">Grows with each update.</param>
/// <param name="Value">The opened content.</param>
/// <param name="ExpiresAt">From then on it is not found any more.</param>
internal sealed record StoredRecord(
    long Id,
    string Kind,
    long Version,
    ReadOnlyMemory<byte> Value,
    DateTimeOffset? ExpiresAt
);
