namespace AspireGateway.Gateway.Vault;

/// <summary>Sealed grants, one for each person and target, shared by all replicas.</summary>
internal interface IGrantVault
{
    /// <summary>The grant of a person at a target, from memory where it is known to be current: a change by any replica is seen within a second.</summary>
    /// <exception cref="VaultUnavailableException">The database does not answer and memory cannot be trusted.</exception>
    ValueTask<Grant?> FindAsync(UserId user, TargetName target, CancellationToken cancel);

    /// <summary>The same, read from the database.</summary>
    Task<Grant?> ReadAsync(UserId user, TargetName target, CancellationToken cancel);

    /// <summary>Keeps the result of a consent; takes the place of what was there, and fences off a refresh that still runs.</summary>
    /// <param name="id">Id of the grant, never used before: what must be known about it can be written first.</param>
    /// <param name="binding">What it is about.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="account">Name of the account, if known.</param>
    /// <param name="cancel">Gives up.</param>
    Task<Grant> PutAsync(Guid id, GrantBinding binding, GrantTokens tokens, string? account, CancellationToken cancel);

    /// <summary>The same with a new id.</summary>
    Task<Grant> PutAsync(GrantBinding binding, GrantTokens tokens, string? account, CancellationToken cancel) =>
        PutAsync(Guid.NewGuid(), binding, tokens, account, cancel);

    /// <summary>
    /// Asks for the right to refresh <paramref name="grant"/>. The lease is committed, which also proves that the database can
    /// be written: a rotated token that cannot be saved is lost.
    /// </summary>
    /// <returns>Null when another holds it, when the grant is of a newer generation, has ended or is gone, or must not be refreshed yet.</returns>
    Task<RefreshLease?> TryLeaseAsync(Grant grant, TimeSpan duration, CancellationToken cancel);

    /// <summary>Saves refreshed tokens as the next generation and gives the lease back.</summary>
    /// <returns>The new generation; null when the lease was lost, and then nothing was written.</returns>
    Task<Grant?> CompleteRefreshAsync(RefreshLease lease, GrantTokens tokens, CancellationToken cancel);

    /// <summary>Gives the lease back after a failure that does not end the grant.</summary>
    Task PostponeRefreshAsync(RefreshLease lease, DateTimeOffset notBefore, CancellationToken cancel);

    /// <summary>Ends the grant because the provider said so: its tokens are forgotten, its row stays so that the person can be told.</summary>
    /// <returns>False when the lease was lost, and then nothing was written.</returns>
    Task<bool> EndAsync(RefreshLease lease, CancellationToken cancel);

    /// <summary>Forgets a grant, ciphertext included.</summary>
    /// <returns>What was there, so that the caller can revoke it at the provider; null when there was nothing.</returns>
    Task<Grant?> RemoveAsync(UserId user, TargetName target, CancellationToken cancel);

    /// <summary>All grants of a person, in the order of their targets.</summary>
    Task<IReadOnlyList<Grant>> ListAsync(UserId user, CancellationToken cancel);

    /// <summary>All grants at a target, for the moment when its URL or authorization server changes.</summary>
    Task<IReadOnlyList<Grant>> ListAsync(TargetName target, CancellationToken cancel);

    /// <summary>Remembers that a grant was used just now; written later, together with others.</summary>
    void MarkUsed(Grant grant);
}

/// <summary>The vault's database does not answer, or a row cannot be opened. Nothing was done.</summary>
internal sealed class VaultUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
