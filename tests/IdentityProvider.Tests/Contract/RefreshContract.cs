using System.Net;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Contract;

public abstract partial class IdentityProviderContract
{
    [Theory]
    [InlineData("openid mcp:tools")]
    [InlineData("openid mcp:tools offline_access")]
    public async Task A_refresh_token_brings_a_new_access_token_for_the_same_person_and_audience(string scope)
    {
        using var client = await CorpClientAsync();
        var token = await SignInAsync(client, "bob", scope);

        var refreshed = await client.RefreshAsync(token.RefreshToken, cancellationToken: Stop);

        refreshed.Status.ShouldBe(HttpStatusCode.OK);
        ((string)refreshed.AccessTokenClaims["sub"]!).ShouldBe(BobSubject);
        refreshed.AccessTokenClaims.Strings("aud").ShouldContain(Provider.GatewayResource);
        refreshed.AccessToken.ShouldNotBe(token.AccessToken);
    }

    [Fact]
    public async Task With_a_partner_a_used_refresh_token_ends_the_whole_grant()
    {
        using var client = await PartnerClientAsync();
        using var browser = new Browser();
        var token = await client.GetTokenAsync(
            browser,
            "bob.p",
            Provider.Password,
            "notes:read offline_access",
            null,
            Stop
        );

        await AssertReuseEndsTheGrantAsync(client, token);
    }

    [Fact]
    public async Task In_corp_a_used_refresh_token_ends_the_whole_grant_where_tokens_rotate()
    {
        Assert.SkipUnless(Provider.RotatesInCorp, "This provider's realm corp lets refresh tokens be used again.");
        using var client = await CorpClientAsync();

        await AssertReuseEndsTheGrantAsync(client, await SignInAsync(client, scope: ToolScopes + " offline_access"));
    }

    [Fact]
    public async Task A_revoked_refresh_token_is_dead()
    {
        using var client = await CorpClientAsync();
        var token = await SignInAsync(client, scope: "openid mcp:tools offline_access");

        var status = await client.RevokeAsync(token.RefreshToken, Stop);
        var refused = await client.RefreshAsync(token.RefreshToken, cancellationToken: Stop);

        status.ShouldBe(HttpStatusCode.OK);
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task A_refresh_token_of_one_client_is_worth_nothing_for_another()
    {
        using var client = await CorpClientAsync();
        var token = await SignInAsync(client);
        var owner = client.ClientId;
        (client.ClientId, client.ClientSecret) = (Provider.GatewayResource, Provider.GatewaySecret);

        var refused = await client.RefreshAsync(token.RefreshToken, cancellationToken: Stop);
        (client.ClientId, client.ClientSecret) = (owner, null);
        var accepted = await client.RefreshAsync(token.RefreshToken, cancellationToken: Stop);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        accepted.Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task AssertReuseEndsTheGrantAsync(OAuthClient client, TokenResult token)
    {
        var rotated = await client.RefreshAsync(token.RefreshToken, cancellationToken: Stop);
        rotated.Status.ShouldBe(HttpStatusCode.OK);
        rotated.RefreshToken.ShouldNotBe(token.RefreshToken);
        var again = await client.RefreshAsync(rotated.RefreshToken, cancellationToken: Stop);
        again.Status.ShouldBe(HttpStatusCode.OK, "the grant lives while each token is used once");

        var reused = await client.RefreshAsync(rotated.RefreshToken, cancellationToken: Stop);
        var newest = await client.RefreshAsync(again.RefreshToken, cancellationToken: Stop);

        reused.Error.ShouldBe("invalid_grant");
        newest.Error.ShouldBe("invalid_grant", "the token that was never used is dead as well");
    }
}
