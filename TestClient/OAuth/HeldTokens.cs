using ModelContextProtocol.Authentication;

namespace AspireGateway.TestClient.OAuth;

/// <summary>The tokens of this run, for as long as it lasts.</summary>
internal sealed class HeldTokens : ITokenCache
{
    /// <summary>The newest.</summary>
    public TokenContainer? Current { get; private set; }

    /// <inheritdoc />
    public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => new(Current);

    /// <inheritdoc />
    public ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
    {
        Current = tokens;
        return default;
    }
}
