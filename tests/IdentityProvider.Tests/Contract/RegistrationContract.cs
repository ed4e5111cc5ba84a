using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Contract;

public abstract partial class IdentityProviderContract
{
    [Fact]
    public async Task A_program_on_this_machine_registers_itself_and_signs_a_person_in()
    {
        using var client = await CorpClientAsync();

        var (status, body) = await client.RegisterAsync(Registration("none", "http://127.0.0.1:51789/callback"), Stop);
        client.ClientId = (string)body["client_id"]!;
        var token = await SignInAsync(client, resource: Provider.GatewayResource);

        status.ShouldBe(HttpStatusCode.Created);
        body["client_secret"].ShouldBeNull();
        token.AccessTokenClaims.Strings("aud").ShouldContain(Provider.GatewayResource);
        ((string)token.AccessTokenClaims["azp"]!).ShouldBe(client.ClientId);
    }

    [Fact]
    public async Task A_confidential_client_registers_itself_and_needs_the_secret_that_it_got()
    {
        using var client = await CorpClientAsync();

        var (status, body) = await client.RegisterAsync(
            Registration("client_secret_post", "http://127.0.0.1:51789/callback"),
            Stop
        );
        client.ClientId = (string)body["client_id"]!;
        var request = client.Authorize(ToolScopes);
        var callback = await AuthorizeAsync(client, request);
        var refused = await client.ExchangeAsync(callback.Code!, request.Verifier, cancellationToken: Stop);
        client.ClientSecret = (string)body["client_secret"]!;
        request = client.Authorize(ToolScopes);
        callback = await AuthorizeAsync(client, request);
        var accepted = await client.ExchangeAsync(callback.Code!, request.Verifier, cancellationToken: Stop);

        status.ShouldBe(HttpStatusCode.Created);
        refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
        accepted.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("https://evil.example/callback")]
    [InlineData("http://192.168.1.10/callback")]
    [InlineData("http://127.0.0.1.evil.example/callback")]
    public async Task A_program_elsewhere_cannot_register_itself(string redirectUri)
    {
        using var client = await CorpClientAsync();

        var (status, body) = await client.RegisterAsync(Registration("none", redirectUri), Stop);

        ((int)status).ShouldBeInRange(400, 499);
        body["client_id"].ShouldBeNull();
        ((string?)body["error"]).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_client_is_known_by_the_document_at_its_id()
    {
        await using var server = await DocumentServer.StartNewAsync();
        using var client = await CorpClientAsync();
        client.ClientId = server.UrlOf("/client.json");
        server.Serve("/client.json", Document(client.ClientId, client.RedirectUri.OriginalString));

        var token = await SignInAsync(client, resource: Provider.GatewayResource);

        ((string)token.AccessTokenClaims["azp"]!).ShouldBe(client.ClientId);
        token.AccessTokenClaims.Strings("aud").ShouldContain(Provider.GatewayResource);
    }

    [Fact]
    public async Task A_document_of_another_client_is_refused()
    {
        await using var server = await DocumentServer.StartNewAsync();
        using var client = await CorpClientAsync();
        using var browser = new Browser();
        server.Serve("/client.json", Document("http://127.0.0.1/other.json", client.RedirectUri.OriginalString));
        client.ClientId = server.UrlOf("/client.json");

        var page = await browser.GetAsync(client.Authorize(ToolScopes).Url, Stop);

        ((int)page.Status).ShouldBeInRange(400, 499);
        page.Location.ShouldBeNull();
    }

    /// <summary>Client metadata for the registration endpoint.</summary>
    protected static JsonObject Registration(string authenticationMethod, params string[] redirectUris) =>
        new()
        {
            ["client_name"] = "Test program",
            ["redirect_uris"] = new JsonArray([.. redirectUris.Select(static uri => JsonValue.Create(uri))]),
            ["token_endpoint_auth_method"] = authenticationMethod,
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["response_types"] = new JsonArray("code"),
            ["application_type"] = "native",
        };

    /// <summary>A client ID metadata document.</summary>
    protected static string Document(string clientId, params string[] redirectUris)
    {
        var metadata = Registration("none", redirectUris);
        metadata["client_id"] = clientId;
        return metadata.ToJsonString();
    }
}
