using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.AuthorizationCode;

/// <summary>What came of a token request.</summary>
internal abstract record TokenResult
{
    private TokenResult() { }

    /// <param name="Tokens">The tokens.</param>
    /// <param name="IdToken">The ID token, where the server speaks OpenID Connect. Not checked.</param>
    public sealed record Success(GrantTokens Tokens, Secret? IdToken) : TokenResult;

    /// <param name="Reason">Stable code; an OAuth error code only where it is one that the standard knows.</param>
    /// <param name="IsLasting">The grant is over (<c>invalid_grant</c>). Everything else may succeed later.</param>
    /// <param name="RetryAfter">When the server asked to be left alone for a time.</param>
    public sealed record Failure(string Reason, bool IsLasting, TimeSpan? RetryAfter) : TokenResult;
}
