using System.Net;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

/// <summary>What the embedded provider promises beyond the contract.</summary>
public sealed class TokenTests(EmbeddedFixture fixture) : IClassFixture<EmbeddedFixture>
{
    private const string Gateway = EmbeddedProvider.Gateway + "/mcp";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_resources_can_be_granted_and_each_token_be_for_fewer()
    {
        using var client = await OAuthClient.DiscoverAsync(fixture.Provider.Corp, Stop);
        using var browser = new Browser();
        var request = client.Authorize("openid mcp:tools", Gateway);
        request.Add("resource", Gateway + "/weather");
        var callback = await browser.SignInAsync(
            request.Url,
            client.RedirectUri,
            "alice",
            EmbeddedProvider.Password,
            cancellationToken: Stop
        );

        var one = await client.ExchangeAsync(callback.Code!, request.Verifier, Gateway + "/weather", Stop);
        var foreign = await client.RefreshAsync(one.RefreshToken, Gateway + "/orders", cancellationToken: Stop);
        var both = await client.RefreshAsync(one.RefreshToken, cancellationToken: Stop);

        one.AccessTokenClaims.Strings("aud").ShouldBe([Gateway + "/weather"]);
        foreign.Error.ShouldBe("invalid_target");
        both.AccessTokenClaims.Strings("aud").ShouldBe([Gateway, Gateway + "/weather"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_refresh_can_ask_for_fewer_scopes_and_later_for_all_again()
    {
        using var client = await OAuthClient.DiscoverAsync(fixture.Provider.Corp, Stop);
        using var browser = new Browser();
        var token = await client.GetTokenAsync(
            browser,
            "alice",
            EmbeddedProvider.Password,
            "openid mcp:tools weather:alerts",
            null,
            Stop
        );

        var fewer = await client.RefreshAsync(token.RefreshToken, scope: "mcp:tools", cancellationToken: Stop);
        var more = await client.RefreshAsync(fewer.RefreshToken, scope: "mcp:tools email", cancellationToken: Stop);
        var all = await client.RefreshAsync(fewer.RefreshToken, cancellationToken: Stop);

        ((string)fewer.AccessTokenClaims["scope"]!).ShouldBe("mcp:tools");
        ((string)fewer.Body["scope"]!).ShouldBe("mcp:tools");
        more.Error.ShouldBe("invalid_scope");
        ((string)all.AccessTokenClaims["scope"]!).Split(' ').ShouldContain("weather:alerts");
    }

    [Fact]
    public async Task One_refresh_token_brings_one_token_however_many_ask_at_once()
    {
        using var client = await OAuthClient.DiscoverAsync(fixture.Provider.Corp, Stop);
        using var browser = new Browser();
        var token = await client.GetTokenAsync(
            browser,
            "bob",
            EmbeddedProvider.Password,
            "openid mcp:tools",
            null,
            Stop
        );

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => client.RefreshAsync(token.RefreshToken, cancellationToken: Stop))
        );

        answers.Count(static answer => answer.Status == HttpStatusCode.OK).ShouldBeLessThanOrEqualTo(1);
        answers
            .Where(static answer => answer.Status != HttpStatusCode.OK)
            .ShouldAllBe(static answer =>
                answer.Status == HttpStatusCode.BadRequest && answer.Error == "invalid_grant"
            );
    }

    [Fact]
    public async Task A_grant_that_ends_takes_neither_other_sessions_nor_the_consent_with_it()
    {
        using var client = await OAuthClient.DiscoverAsync(fixture.Provider.Corp, Stop);
        using var browser = new Browser();
        const string scope = "openid mcp:tools";
        var stolen = await client.GetTokenAsync(browser, "bob", EmbeddedProvider.Password, scope, null, Stop);
        var other = await client.GetTokenAsync(browser, "bob", EmbeddedProvider.Password, scope, null, Stop);
        await client.RefreshAsync(stolen.RefreshToken, cancellationToken: Stop);
        await client.RefreshAsync(stolen.RefreshToken, cancellationToken: Stop);

        var refreshed = await client.RefreshAsync(other.RefreshToken, cancellationToken: Stop);
        var page = await browser.OpenAsync(client.Authorize(scope).Url, client.RedirectUri, Stop);

        refreshed.Status.ShouldBe(HttpStatusCode.OK);
        page.Location.ShouldNotBeNull("the consent is still there");
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    public async Task A_revoked_token_no_longer_opens_the_user_information(string revoked)
    {
        using var client = await OAuthClient.DiscoverAsync(fixture.Provider.Corp, Stop);
        using var browser = new Browser();
        var token = await client.GetTokenAsync(browser, "bob", EmbeddedProvider.Password, "openid", null, Stop);

        var before = await UserInfoAsync(client, token.AccessToken);
        var status = await client.RevokeAsync((string)token.Body[revoked]!, Stop);
        var after = await UserInfoAsync(client, token.AccessToken);

        before.ShouldBe(HttpStatusCode.OK);
        status.ShouldBe(HttpStatusCode.OK);
        after.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Access_tokens_declare_their_type_and_have_no_secrets_in_them()
    {
        using var client = await OAuthClient.DiscoverAsync(fixture.Provider.Corp, Stop);
        using var browser = new Browser();
        var token = await client.GetTokenAsync(
            browser,
            "alice",
            EmbeddedProvider.Password,
            "openid profile email mcp:tools",
            Gateway,
            Stop
        );

        ((string)Jwt.Header(token.AccessToken)["typ"]!).ShouldBe("at+jwt");
        ((string)token.AccessTokenClaims["client_id"]!).ShouldBe(client.ClientId);
        token.AccessTokenClaims["email"].ShouldBeNull("personal data is for the ID token and the user information");
        ((string)Jwt.Payload(token.IdToken)["email"]!).ShouldBe("alice@corp.example");
        token.RefreshToken.ShouldNotContain('.', "a reference, not a token that could be taken apart");
    }

    private static async Task<HttpStatusCode> UserInfoAsync(OAuthClient client, string accessToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, client.Endpoint("userinfo_endpoint"));
        request.Headers.Authorization = new("Bearer", accessToken);
        using var response = await http.SendAsync(request, Stop);
        return response.StatusCode;
    }
}
