using System.Net;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

public sealed class LogoutTests(EmbeddedFixture fixture) : IClassFixture<EmbeddedFixture>
{
    private const string SessionCookie = "aspire-gateway.corp.session";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signing_out_asks_first_and_ends_the_session()
    {
        using var client = await GatewayClientAsync();
        using var browser = new Browser();
        await client.GetTokenAsync(browser, "bob", EmbeddedProvider.Password, "openid", null, Stop);

        var question = await browser.OpenAsync(client.Endpoint("end_session_endpoint"), cancellationToken: Stop);
        browser.Cookies.Names.ShouldContain(SessionCookie);
        var answer = await browser.SubmitAsync(question, "accept", cancellationToken: Stop);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        browser.Cookies.Names.ShouldNotContain(SessionCookie);
    }

    [Fact]
    public async Task A_client_without_the_ID_token_gets_the_browser_back_after_the_person_was_asked()
    {
        using var client = await GatewayClientAsync();
        using var browser = new Browser();
        await client.GetTokenAsync(browser, "bob", EmbeddedProvider.Password, "openid", null, Stop);
        var returnTo = new Uri(EmbeddedProvider.Gateway + "/signed-out");
        var question = await browser.OpenAsync(
            new Uri(
                $"{client.Endpoint("end_session_endpoint")}?client_id={Uri.EscapeDataString(client.ClientId)}"
                    + $"&post_logout_redirect_uri={Uri.EscapeDataString(returnTo.OriginalString)}"
            ),
            cancellationToken: Stop
        );
        browser.Cookies.Names.ShouldContain(SessionCookie);

        var answer = await browser.SubmitAsync(question, "accept", stopAt: returnTo, cancellationToken: Stop);

        answer.Location.ShouldBe(returnTo);
        browser.Cookies.Names.ShouldNotContain(SessionCookie);
    }

    [Theory]
    [InlineData(EmbeddedProvider.Gateway + "/signed-out", true)]
    [InlineData("https://evil.example/", false)]
    public async Task A_client_that_shows_the_ID_token_signs_the_person_out_and_gets_the_browser_back(
        string returnTo,
        bool accepted
    )
    {
        using var client = await GatewayClientAsync();
        using var browser = new Browser();
        var token = await client.GetTokenAsync(browser, "bob", EmbeddedProvider.Password, "openid", null, Stop);
        var url = new Uri(
            $"{client.Endpoint("end_session_endpoint")}?id_token_hint={token.IdToken}&state=abc"
                + $"&post_logout_redirect_uri={Uri.EscapeDataString(returnTo)}"
        );

        var answer = await browser.GetAsync(url, Stop);

        answer.Location?.AbsoluteUri.ShouldBe(accepted ? returnTo + "?state=abc" : null);
        answer.Status.ShouldBe(accepted ? HttpStatusCode.Found : HttpStatusCode.BadRequest);
        browser.Cookies.Names.Contains(SessionCookie, StringComparer.Ordinal).ShouldBe(!accepted);
    }

    private async Task<OAuthClient> GatewayClientAsync()
    {
        var client = await OAuthClient.DiscoverAsync(fixture.Provider.Corp, Stop);
        (client.ClientId, client.ClientSecret) = (EmbeddedProvider.Gateway + "/mcp", EmbeddedProvider.GatewaySecret);
        client.RedirectUri = new Uri(EmbeddedProvider.Gateway + "/signin/callback/corp");
        return client;
    }
}
