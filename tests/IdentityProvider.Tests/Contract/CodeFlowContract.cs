using System.Net;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Contract;

public abstract partial class IdentityProviderContract
{
    [Theory]
    [InlineData("alice", AliceSubject)]
    [InlineData("bob", BobSubject)]
    public async Task A_person_signs_in_agrees_and_the_client_gets_a_token(string user, string subject)
    {
        using var client = await CorpClientAsync();

        var token = await SignInAsync(client, user, ToolScopes, Provider.GatewayResource);

        ((string)token.Body["token_type"]!).ShouldBe("Bearer");
        var claims = token.AccessTokenClaims;
        ((string)claims["iss"]!).ShouldBe(Provider.Corp.OriginalString);
        ((string)claims["sub"]!).ShouldBe(subject);
        ((string)claims["azp"]!).ShouldBe(client.ClientId);
        ((string)claims["typ"]!).ShouldBe("Bearer");
        ((string)claims["preferred_username"]!).ShouldBe(user);
        ((string)claims["jti"]!).ShouldNotBeNullOrEmpty();
        ((string)claims["scope"]!).Split(' ').ShouldContain("mcp:tools");
        claims.Strings("aud").ShouldContain(Provider.GatewayResource);
        ((long)claims["exp"]! - (long)claims["iat"]!).ShouldBeInRange(1, 3600);
    }

    [Fact]
    public async Task The_id_token_is_for_the_client_and_no_access_token()
    {
        using var client = await CorpClientAsync();

        var token = await SignInAsync(client);

        var claims = Jwt.Payload(token.IdToken);
        claims.Strings("aud").ShouldBe([client.ClientId]);
        ((string)claims["sub"]!).ShouldBe(AliceSubject);
        ((string?)claims["typ"]).ShouldNotBe("Bearer");
    }

    [Fact]
    public async Task A_person_of_the_partner_allows_the_gateway_to_read_notes()
    {
        using var client = await PartnerClientAsync();
        using var browser = new Browser();

        var token = await client.GetTokenAsync(browser, "alice.p", Provider.Password, "notes:read", null, Stop);

        token.AccessTokenClaims.Strings("aud").ShouldBe([Provider.NotesResource]);
        ((string)token.AccessTokenClaims["sub"]!).ShouldNotBe(AliceSubject);
    }

    [Fact]
    public async Task A_wrong_password_leads_nowhere()
    {
        using var client = await CorpClientAsync();
        using var browser = new Browser();
        var page = await browser.OpenAsync(client.Authorize(ToolScopes).Url, client.RedirectUri, Stop);

        page = await browser.SubmitAsync(
            page,
            "password",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["username"] = "alice", ["password"] = "wrong" },
            client.RedirectUri,
            Stop
        );

        page.Location.ShouldBeNull();
        page.FindForm("password").ShouldNotBeNull("the person can try again");
    }

    [Fact]
    public async Task A_person_who_refuses_sends_the_client_an_error_with_the_issuer()
    {
        using var client = await NewClientAsync();
        var request = client.Authorize(ToolScopes);

        var callback = await AuthorizeAsync(client, request, accept: false);

        callback.ShouldBe(new CallbackResult(null, request["state"], Provider.Corp.OriginalString, "access_denied"));
    }

    [Fact]
    public async Task The_callback_names_the_issuer_and_returns_the_state()
    {
        using var client = await CorpClientAsync();
        var request = client.Authorize(ToolScopes);

        var callback = await AuthorizeAsync(client, request);

        callback.Issuer.ShouldBe(Provider.Corp.OriginalString);
        callback.State.ShouldBe(request["state"]);
        callback.Code.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Consent_is_asked_once_and_again_for_more()
    {
        using var client = await NewClientAsync();
        using var browser = new Browser();
        await client.GetTokenAsync(browser, "bob", Provider.Password, "openid mcp:tools", null, Stop);

        var again = await browser.OpenAsync(client.Authorize("openid mcp:tools").Url, client.RedirectUri, Stop);
        var more = await browser.OpenAsync(
            client.Authorize("openid mcp:tools offline_access").Url,
            client.RedirectUri,
            Stop
        );

        again.Location.ShouldNotBeNull("neither login nor consent are asked again");
        more.FindForm("accept").ShouldNotBeNull("a new scope needs a new consent");
    }

    [Fact]
    public async Task A_code_is_good_for_one_token_request()
    {
        using var client = await CorpClientAsync();
        var request = client.Authorize(ToolScopes);
        var callback = await AuthorizeAsync(client, request);

        var first = await client.ExchangeAsync(callback.Code!, request.Verifier, cancellationToken: Stop);
        var second = await client.ExchangeAsync(callback.Code!, request.Verifier, cancellationToken: Stop);

        first.Status.ShouldBe(HttpStatusCode.OK);
        second.Status.ShouldBe(HttpStatusCode.BadRequest);
        second.Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task The_user_information_endpoint_answers_what_the_scopes_allow()
    {
        using var client = await CorpClientAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var token = await SignInAsync(client, scope: "openid profile email");
        using var request = new HttpRequestMessage(HttpMethod.Get, client.Endpoint("userinfo_endpoint"));
        request.Headers.Authorization = new("Bearer", token.AccessToken);

        using var response = await http.SendAsync(request, Stop);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = await response.Content.ReadAsStringAsync(Stop);
        body.ShouldContain(AliceSubject);
        body.ShouldContain("alice@corp.example");
    }
}
