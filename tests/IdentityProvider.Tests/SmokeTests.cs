using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests;

public sealed class SmokeTests
{
    [Fact]
    public async Task Alice_signs_in()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var provider = await EmbeddedProvider.StartAsync();
        using var client = await OAuthClient.DiscoverAsync(provider.Issuer, stop);
        using var browser = new Browser();
        var token = await client.GetTokenAsync(
            browser,
            "alice",
            EmbeddedProvider.Password,
            "openid profile mcp:tools",
            "http://localhost:5180/mcp",
            stop
        );
        token.AccessTokenClaims.Strings("aud").ShouldBe(["http://localhost:5180/mcp"]);
    }
}
