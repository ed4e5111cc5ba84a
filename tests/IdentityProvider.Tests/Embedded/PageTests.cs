using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

public sealed class PageTests(EmbeddedFixture fixture) : IClassFixture<EmbeddedFixture>
{
    private readonly Uri _corp = fixture.Provider.Corp;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, string> Alice = new(StringComparer.Ordinal)
    {
        ["username"] = "alice",
        ["password"] = EmbeddedProvider.Password,
    };

    [Fact]
    public async Task Pages_have_no_script_and_a_strict_policy()
    {
        using var client = await NewClientAsync();
        using var browser = new Browser();
        var login = await browser.OpenAsync(NewRequest(client).Url, client.RedirectUri, Stop);
        var consent = await browser.SubmitAsync(login, "password", Alice, client.RedirectUri, Stop);

        foreach (var page in (BrowserPage[])[login, consent])
        {
            var policy = page.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldNotContain("unsafe");
            page.Headers.CacheControl!.NoStore.ShouldBeTrue();
            page.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            page.Document.Scripts.ShouldBeEmpty();
            page.Document.QuerySelectorAll("[style], [onclick], [onload], img, iframe").ShouldBeEmpty();
            page.Document.QuerySelectorAll("link")
                .ShouldAllBe(static link => link.GetAttribute("href")!.StartsWith('/'));
            page.Document.QuerySelector("html")!.GetAttribute("lang").ShouldBe("en");
        }

        login.Document.QuerySelectorAll("label[for=username], label[for=password]").Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_consent_page_says_who_asks_for_what_and_where_it_goes()
    {
        using var client = await NewClientAsync();
        using var browser = new Browser();
        var request = NewRequest(client, "http://localhost:5180/mcp/weather");
        var login = await browser.OpenAsync(request.Url, client.RedirectUri, Stop);

        var consent = await browser.SubmitAsync(login, "password", Alice, client.RedirectUri, Stop);

        consent.Text.ShouldContain("alice");
        consent.Text.ShouldContain("Test program");
        consent.Text.ShouldContain("weather:alerts");
        consent.Text.ShouldContain("http://localhost:5180/mcp/weather");
        consent.Text.ShouldContain(client.RedirectUri.OriginalString);
    }

    [Theory]
    [InlineData("page_token", HttpStatusCode.BadRequest)]
    [InlineData("pending", HttpStatusCode.BadRequest)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task A_login_form_from_elsewhere_is_refused(string? damaged, HttpStatusCode expected)
    {
        using var client = await NewClientAsync();
        using var browser = new Browser();
        var login = await browser.OpenAsync(NewRequest(client).Url, client.RedirectUri, Stop);
        var values = new Dictionary<string, string>(Alice, StringComparer.Ordinal);
        if (damaged is not null)
        {
            values[damaged] = "forged";
        }

        var answer = await browser.SubmitAsync(login, "password", values, client.RedirectUri, Stop);

        answer.Status.ShouldBe(expected);
        browser.Cookies.Names.Contains("aspire-gateway.corp.session").ShouldBe(damaged is null);
    }

    [Fact]
    public async Task A_consent_form_from_elsewhere_is_refused()
    {
        using var client = await NewClientAsync();
        using var browser = new Browser();
        var login = await browser.OpenAsync(NewRequest(client).Url, client.RedirectUri, Stop);
        var consent = await browser.SubmitAsync(login, "password", Alice, client.RedirectUri, Stop);
        var forged = new Dictionary<string, string>(StringComparer.Ordinal) { ["page_token"] = "forged" };

        var refused = await browser.SubmitAsync(consent, "accept", forged, client.RedirectUri, Stop);
        var again = await browser.OpenAsync(NewRequest(client).Url, client.RedirectUri, Stop);
        var accepted = await browser.SubmitAsync(again, "accept", stopAt: client.RedirectUri, cancellationToken: Stop);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Location.ShouldBeNull();
        CallbackResult.From(accepted.Location!).Code.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_consent_page_of_alice_cannot_be_answered_by_bob()
    {
        using var client = await NewClientAsync();
        using var browser = new Browser();
        var login = await browser.OpenAsync(NewRequest(client).Url, client.RedirectUri, Stop);
        var alicesPage = await browser.SubmitAsync(login, "password", Alice, client.RedirectUri, Stop);
        var asBob = NewRequest(client);
        asBob["prompt"] = "login";
        var bob = new Dictionary<string, string>(Alice, StringComparer.Ordinal) { ["username"] = "bob" };
        var secondLogin = await browser.OpenAsync(asBob.Url, client.RedirectUri, Stop);
        await browser.SubmitAsync(secondLogin, "password", bob, client.RedirectUri, Stop);

        var refused = await browser.SubmitAsync(
            alicesPage,
            "accept",
            stopAt: client.RedirectUri,
            cancellationToken: Stop
        );

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Location.ShouldBeNull();
    }

    [Fact]
    public async Task An_address_cannot_consent_by_itself()
    {
        using var client = await NewClientAsync();
        using var browser = new Browser();
        var login = await browser.OpenAsync(NewRequest(client).Url, client.RedirectUri, Stop);
        await browser.SubmitAsync(login, "password", Alice, client.RedirectUri, Stop);
        var request = NewRequest(client);
        request["accept"] = "Yes";

        var page = await browser.OpenAsync(request.Url, client.RedirectUri, Stop);

        page.Location.ShouldBeNull();
        page.FindForm("accept").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("none", "login_required")]
    [InlineData("none", "consent_required", true)]
    public async Task A_silent_request_never_shows_a_page(string prompt, string error, bool signedIn = false)
    {
        using var client = await NewClientAsync();
        using var browser = new Browser();
        if (signedIn)
        {
            var login = await browser.OpenAsync(NewRequest(client).Url, client.RedirectUri, Stop);
            await browser.SubmitAsync(login, "password", Alice, client.RedirectUri, Stop);
        }

        var request = NewRequest(client);
        request["prompt"] = prompt;
        var answer = await browser.OpenAsync(request.Url, client.RedirectUri, Stop);

        CallbackResult.From(answer.Location!).Error.ShouldBe(error);
    }

    [Fact]
    public async Task Sessions_of_both_realms_live_side_by_side_in_one_browser()
    {
        using var browser = new Browser();
        using var corp = await OAuthClient.DiscoverAsync(_corp, Stop);
        using var partner = await OAuthClient.DiscoverAsync(fixture.Provider.Partner, Stop);
        (partner.ClientId, partner.ClientSecret) = ("aspire-gateway", EmbeddedProvider.GatewaySecret);
        partner.RedirectUri = new Uri(EmbeddedProvider.Gateway + "/connect/callback/notes");

        await corp.GetTokenAsync(browser, "alice", EmbeddedProvider.Password, "openid mcp:tools", null, Stop);
        await partner.GetTokenAsync(browser, "alice.p", EmbeddedProvider.Password, "notes:read", null, Stop);
        var again = await browser.OpenAsync(corp.Authorize("openid mcp:tools").Url, corp.RedirectUri, Stop);

        again.Location.ShouldNotBeNull("the sign-in at the partner did not end the one at corp");
        browser.Cookies.Names.ShouldBeUnique();
        browser.Cookies.Names.ShouldContain("aspire-gateway.corp.session");
        browser.Cookies.Names.ShouldContain("aspire-gateway.partner.session");
    }

    /// <summary>A client that nobody has consented to yet.</summary>
    private async Task<OAuthClient> NewClientAsync()
    {
        var client = await OAuthClient.DiscoverAsync(_corp, Stop);
        var metadata = new JsonObject
        {
            ["client_name"] = "Test program",
            ["redirect_uris"] = new JsonArray(client.RedirectUri.OriginalString),
            ["token_endpoint_auth_method"] = "none",
        };
        var (_, body) = await client.RegisterAsync(metadata, Stop);
        client.ClientId = (string)body["client_id"]!;
        return client;
    }

    private static AuthorizationRequest NewRequest(OAuthClient client, string? resource = null) =>
        client.Authorize("openid profile weather:alerts", resource);
}
