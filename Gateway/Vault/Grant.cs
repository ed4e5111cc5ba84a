namespace AspireGateway.Gateway.Vault;

/// <summary>What a grant is about. Its secrets are sealed for exactly this, so that no row works in another's place.</summary>
/// <param name="User">The person who consented.</param>
/// <param name="Target">The target that it is used at.</param>
/// <param name="AuthorizationServer">Issuer of the authorization server that gave it, compared character by character.</param>
/// <param name="Resource">URL of the target that its tokens are sent to, and to no other.</param>
/// <param name="ClientId">The gateway's client id at that authorization server.</param>
internal sealed record GrantBinding(
    UserId User,
    TargetName Target,
    string AuthorizationServer,
    string Resource,
    string ClientId
);

/// <summary>The tokens of a grant.</summary>
/// <param name="AccessToken">Sent to the target.</param>
/// <param name="RefreshToken">Sent to the token endpoint; null when the provider gave none.</param>
/// <param name="ExpiresAt">End of the access token's life; null when the provider did not say, and then it is used until refused.</param>
/// <param name="Scopes">Scopes that were granted.</param>
internal sealed record GrantTokens(Secret AccessToken, Secret? RefreshToken, DateTimeOffset? ExpiresAt, ScopeSet Scopes)
{
    /// <summary>Whether they are good for a call now, or can be made so without asking the person.</summary>
    public bool CanServe(DateTimeOffset now) => RefreshToken is not null || !(ExpiresAt <= now);
}

/// <summary>Whether a grant can be used.</summary>
internal enum GrantState
{
    /// <summary>It has tokens.</summary>
    Active,

    /// <summary>The provider said that it is over (<c>invalid_grant</c>); the tokens are gone, the person is asked again.</summary>
    Ended,
}

/// <summary>What one person allowed the gateway to do at one target.</summary>
internal sealed record Grant
{
    /// <summary>New with each consent.</summary>
    public required Guid Id { get; init; }

    public required GrantBinding Binding { get; init; }

    /// <summary>1 after the consent, one more after each refresh.</summary>
    public required long Generation { get; init; }

    public required GrantState State { get; init; }

    /// <summary>Null when the grant has ended.</summary>
    public required GrantTokens? Tokens { get; init; }

    /// <summary>Name of the account at the third party, where it is known, for the person to recognise it.</summary>
    public string? Account { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastRefreshedAt { get; init; }

    /// <summary>Coarse: written now and then.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>After failures of the provider, no refresh is tried before this moment, by any replica.</summary>
    public DateTimeOffset? RefreshNotBefore { get; init; }

    /// <summary>Failed refreshes since the last success.</summary>
    public int RefreshFailures { get; init; }
}

/// <summary>The right of one replica to refresh one generation of one grant, until it expires.</summary>
/// <param name="Grant">The grant as it was when the lease was given, read past every cache.</param>
/// <param name="FencingToken">Grows with each lease of the grant: what an older holder writes is refused.</param>
/// <param name="ExpiresAt">From then on another may take it.</param>
internal sealed record RefreshLease(Grant Grant, long FencingToken, DateTimeOffset ExpiresAt);
