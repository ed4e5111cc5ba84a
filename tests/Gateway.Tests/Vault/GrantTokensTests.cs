using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>Which tokens are of use without asking the person.</summary>
public sealed class GrantTokensTests
{
    [Theory]
    [InlineData(false, null, true)]
    [InlineData(false, 1, true)]
    [InlineData(false, 0, false)]
    [InlineData(false, -1, false)]
    [InlineData(true, -1, true)]
    [InlineData(true, 1, true)]
    public void They_serve_until_their_end_and_with_a_refresh_token_beyond_it(
        bool canRefresh,
        int? secondsLeft,
        bool serves
    )
    {
        var now = TimeProvider.System.GetUtcNow();
        var tokens = new GrantTokens(
            new Secret("access"),
            canRefresh ? new Secret("refresh") : null,
            secondsLeft is { } seconds ? now.AddSeconds(seconds) : null,
            ScopeSet.Empty
        );

        tokens.CanServe(now).ShouldBe(serves);
    }
}
