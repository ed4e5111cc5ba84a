namespace AspireGateway.Gateway.Vault;

/// <summary>What an administrator can see and do. Holds no secret.</summary>
internal interface IVaultAdministration
{
    /// <summary>Where the vault is, which keys it has, and which rows need which key.</summary>
    Task<VaultState> GetStateAsync(CancellationToken cancel);

    /// <summary>
    /// Wraps the key of every row with the active key, in batches, beside everything else that goes on. When it is stopped, the
    /// next call goes on with what is left.
    /// </summary>
    Task<RewrapReport> RewrapAsync(CancellationToken cancel);
}

/// <summary>State of the vault.</summary>
/// <param name="Location">The database, without a password.</param>
/// <param name="ActiveKey">Id of the key that seals.</param>
/// <param name="Keys">Each key that there is or that rows need.</param>
internal sealed record VaultState(string Location, string ActiveKey, IReadOnlyList<KeyUsage> Keys);

/// <summary>How much a key is needed.</summary>
/// <param name="Id">Id of the key.</param>
/// <param name="IsPresent">Whether it is in the ring of this replica.</param>
/// <param name="Rows">How many rows it wraps; without any it can be removed, once it is active on no replica.</param>
internal sealed record KeyUsage(string Id, bool IsPresent, long Rows);

/// <summary>Result of <see cref="IVaultAdministration.RewrapAsync"/>.</summary>
/// <param name="Rewrapped">Rows that are wrapped with the active key now and were not before.</param>
/// <param name="Unreadable">Rows whose key could not be unwrapped; they were left alone and are in the log.</param>
/// <param name="State">State afterwards.</param>
internal sealed record RewrapReport(long Rewrapped, long Unreadable, VaultState State);
