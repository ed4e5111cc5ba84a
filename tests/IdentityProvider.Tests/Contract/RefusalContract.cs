using System.Net;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Contract;

public abstract partial class IdentityProviderContract
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("the-verifier-itself-as-a-plain-challenge-0123456789", "plain")]
    [InlineData("the-verifier-itself-as-a-plain-challenge-0123456789", null)]
    public async Task A_code_needs_PKCE_with_S256(string? challenge, string? method)
    {
        using var client = await CorpClientAsync();
        var request = client.Authorize(ToolScopes);
        request["code_challenge"] = challenge;
        request["code_challenge_method"] = method;

        var callback = await AuthorizeAsync(client, request);

        callback.Error.ShouldBe("invalid_request");
        callback.Code.ShouldBeNull();
        callback.Issuer.ShouldBe(Provider.Corp.OriginalString);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_code_is_worth_nothing_without_its_verifier(string? verifier)
    {
        using var client = await CorpClientAsync();
        var request = client.Authorize(ToolScopes);
        var callback = await AuthorizeAsync(client, request);

        var refused = await client.ExchangeAsync(callback.Code!, verifier, cancellationToken: Stop);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Body["access_token"].ShouldBeNull();
    }

    [Theory]
    [InlineData("https://evil.example/callback")]
    [InlineData("http://127.0.0.1.evil.example/callback")]
    [InlineData("http://127.0.0.1@evil.example/callback")]
    [InlineData("https://127.0.0.1/callback")]
    [InlineData("http://192.168.1.10/callback")]
    public async Task A_foreign_redirect_URI_gets_an_error_page_and_no_redirect(string redirectUri)
    {
        using var client = await CorpClientAsync();
        using var browser = new Browser();
        var request = client.Authorize(ToolScopes);
        request["redirect_uri"] = redirectUri;

        var page = await browser.GetAsync(request.Url, Stop);

        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Location.ShouldBeNull();
        page.FindForm("password").ShouldBeNull();
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://127.0.0.1:51000/any/path")]
    [InlineData("http://localhost:51000/callback")]
    public async Task A_loopback_redirect_URI_may_have_any_port(string redirectUri)
    {
        using var client = await CorpClientAsync();
        var request = client.Authorize(ToolScopes);
        request["redirect_uri"] = redirectUri;

        var callback = await AuthorizeAsync(client, request);

        callback.Code.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task An_unknown_client_gets_an_error_page()
    {
        using var client = await CorpClientAsync();
        using var browser = new Browser();
        var request = client.Authorize(ToolScopes);
        request["client_id"] = "nobody";

        var page = await browser.GetAsync(request.Url, Stop);

        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Location.ShouldBeNull();
    }

    [Fact]
    public async Task An_unknown_scope_is_refused()
    {
        using var client = await CorpClientAsync();
        var request = client.Authorize("openid mcp:everything");

        var callback = await AuthorizeAsync(client, request);

        callback.ShouldBe(new CallbackResult(null, request["state"], Provider.Corp.OriginalString, "invalid_scope"));
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(null)]
    public async Task A_confidential_client_needs_its_secret(string? secret)
    {
        using var client = await PartnerClientAsync();
        var request = client.Authorize("notes:read");
        var callback = await AuthorizeAsync(client, request);
        client.ClientSecret = secret;

        var refused = await client.ExchangeAsync(callback.Code!, request.Verifier, cancellationToken: Stop);

        refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Body["access_token"].ShouldBeNull();
    }

    [Fact]
    public async Task A_code_of_one_client_is_worth_nothing_for_another()
    {
        using var client = await CorpClientAsync();
        var request = client.Authorize(ToolScopes);
        var callback = await AuthorizeAsync(client, request);
        client.ClientId = Provider.GatewayResource;
        client.ClientSecret = Provider.GatewaySecret;

        var refused = await client.ExchangeAsync(callback.Code!, request.Verifier, cancellationToken: Stop);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Error.ShouldBe("invalid_grant");
    }
}
