using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>One authorization request that is on its way through a browser. Found by its <c>state</c>, of which only an HMAC is stored.</summary>
internal sealed record PendingAuthorization
{
    /// <summary>The question that it answers.</summary>
    public required ConsentRequest Consent { get; init; }

    /// <summary>Issuer that the browser was sent to; whoever else answers is refused (mix-up).</summary>
    public required string AuthorizationServer { get; init; }

    /// <summary>URL of the target that the person saw; if it is edited in the meantime, the answer is for another server.</summary>
    public required string Resource { get; init; }

    /// <summary>The gateway's client id there.</summary>
    public required string ClientId { get; init; }

    /// <summary>PKCE verifier (RFC 7636).</summary>
    public required string Verifier { get; init; }

    public required string RedirectUri { get; init; }

    /// <summary>Scopes that were asked for, space separated.</summary>
    public required string Scopes { get; init; }

    /// <summary>Fingerprint of the value in the browser's flow cookie.</summary>
    public required string Browser { get; init; }
}

/// <summary>The authorization requests that are on their way; each ends with its first answer, or after ten minutes.</summary>
internal sealed class PendingAuthorizations(IRecordStore store)
{
    private readonly JsonRecords<PendingAuthorization> _records = new(store, "authorization");

    public Task AddAsync(
        string state,
        PendingAuthorization pending,
        DateTimeOffset expiresAt,
        CancellationToken cancel
    ) => _records.TryAddAsync(state, group: null, pending, expiresAt, cancel);

    public Task<PendingAuthorization?> FindAsync(string state, CancellationToken cancel) =>
        _records.FindAsync(state, cancel);

    /// <summary>Ends it: of all who ask, one gets it.</summary>
    public Task<PendingAuthorization?> TakeAsync(string state, CancellationToken cancel) =>
        _records.TakeAsync(state, cancel);
}
