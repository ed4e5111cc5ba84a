using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

public sealed class RegistrationTests(EmbeddedFixture fixture) : IClassFixture<EmbeddedFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://127.0.0.1:8080/callback", true)]
    [InlineData("http://localhost/any/path?with=query", true)]
    [InlineData("http://[::1]:3000/", true)]
    [InlineData("http://127.0.0.1:8080/callback#fragment", false)]
    [InlineData("http://user@127.0.0.1/callback", false)]
    [InlineData("http://127.0.0.1/*", false)]
    [InlineData("https://localhost/callback", false)]
    [InlineData("http://127.0.0.2/callback", false)]
    [InlineData("http://0.0.0.0/callback", false)]
    [InlineData("com.example.app:/callback", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("/callback", false)]
    public async Task Only_loopback_redirect_URIs_are_taken(string redirectUri, bool accepted)
    {
        using var client = await OAuthClient.DiscoverAsync(fixture.Provider.Corp, Stop);
        var metadata = new JsonObject { ["redirect_uris"] = new JsonArray(redirectUri) };

        var (status, body) = await client.RegisterAsync(metadata, Stop);

        status.ShouldBe(accepted ? HttpStatusCode.Created : HttpStatusCode.BadRequest);
        ((string?)body["error"]).ShouldBe(accepted ? null : "invalid_redirect_uri");
    }

    [Theory]
    [InlineData("""{"redirect_uris":[]}""", "invalid_redirect_uri")]
    [InlineData("""{}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":[null]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":"http://127.0.0.1/"}""", "invalid_client_metadata")]
    [InlineData("""["http://127.0.0.1/"]""", "invalid_client_metadata")]
    [InlineData("""null""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["http://127.0.0.1/"]""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["http://127.0.0.1/"],"grant_types":["password"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["http://127.0.0.1/"],"grant_types":["implicit"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["http://127.0.0.1/"],"response_types":["token"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["http://127.0.0.1/"],"scope":"openid everything"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["http://127.0.0.1/"],"application_type":"robot"}""", "invalid_client_metadata")]
    [InlineData(
        """{"redirect_uris":["http://127.0.0.1/"],"token_endpoint_auth_method":"private_key_jwt"}""",
        "invalid_client_metadata"
    )]
    [InlineData(
        """{"redirect_uris":["http://127.0.0.1/"],"redirect_uris":["http://127.0.0.1/"]}""",
        "invalid_client_metadata"
    )]
    public async Task Wrong_metadata_is_refused_with_an_error_that_helps(string json, string error)
    {
        var (status, body) = await PostAsync(json, "application/json");

        status.ShouldBe(HttpStatusCode.BadRequest);
        ((string?)body["error"]).ShouldBe(error);
        ((string?)body["error_description"]).ShouldNotBeNullOrEmpty();
        body["client_id"].ShouldBeNull();
    }

    [Theory]
    [InlineData("text/plain", 10, HttpStatusCode.BadRequest)]
    [InlineData("application/json", 20_000, HttpStatusCode.BadRequest)]
    [InlineData("application/json", 10, HttpStatusCode.Created)]
    public async Task Only_JSON_of_a_sane_size_is_read(string contentType, int padding, HttpStatusCode expected)
    {
        var json = $$"""{"redirect_uris":["http://127.0.0.1/"],"padding":"{{new string('x', padding)}}"}""";

        var (status, _) = await PostAsync(json, contentType);

        status.ShouldBe(expected);
    }

    [Fact]
    public async Task The_answer_tells_what_was_registered()
    {
        using var client = await OAuthClient.DiscoverAsync(fixture.Provider.Corp, Stop);
        var metadata = new JsonObject
        {
            ["client_name"] = "A <b>program</b>",
            ["redirect_uris"] = new JsonArray("http://127.0.0.1/callback"),
            ["scope"] = "openid mcp:tools",
        };

        var (_, body) = await client.RegisterAsync(metadata, Stop);

        ((string)body["client_name"]!).ShouldBe("A <b>program</b>");
        body.Strings("redirect_uris").ShouldBe(["http://127.0.0.1/callback"]);
        body.Strings("grant_types").ShouldBe(["authorization_code", "refresh_token"]);
        ((string)body["token_endpoint_auth_method"]!).ShouldBe("client_secret_basic");
        ((string)body["client_secret"]!).Length.ShouldBeGreaterThan(40);
        ((long)body["client_secret_expires_at"]!).ShouldBe(0);
        ((string)body["scope"]!).Split(' ').ShouldContain("weather:alerts", "a client may step up later");
    }

    [Fact]
    public async Task A_name_with_markup_is_shown_as_text()
    {
        using var client = await OAuthClient.DiscoverAsync(fixture.Provider.Corp, Stop);
        using var browser = new Browser();
        var metadata = new JsonObject
        {
            ["client_name"] = "<script>alert(1)</script>",
            ["redirect_uris"] = new JsonArray(client.RedirectUri.OriginalString),
            ["token_endpoint_auth_method"] = "none",
        };
        var (_, body) = await client.RegisterAsync(metadata, Stop);
        client.ClientId = (string)body["client_id"]!;

        var page = await browser.OpenAsync(client.Authorize("openid").Url, client.RedirectUri, Stop);

        page.Document.Scripts.ShouldBeEmpty();
        page.Text.ShouldContain("<script>alert(1)</script>");
    }

    [Fact]
    public async Task The_oldest_registration_makes_room_when_there_are_too_many()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var provider = await EmbeddedProvider.StartAsync(configure: builder =>
        {
            builder.Configuration["IdentityProvider:MaxRegisteredClients"] = "2";
            Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(
                builder.Services,
                clock
            );
        });
        using var client = await OAuthClient.DiscoverAsync(provider.Issuer, Stop);
        using var browser = new Browser();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var metadata = new JsonObject
            {
                ["redirect_uris"] = new JsonArray(client.RedirectUri.OriginalString),
                ["token_endpoint_auth_method"] = "none",
            };
            var (_, body) = await client.RegisterAsync(metadata, Stop);
            ids.Add((string)body["client_id"]!);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var statuses = new List<HttpStatusCode>();
        foreach (var id in (string[])[.. ids, "aspire-gateway-testclient"])
        {
            client.ClientId = id;
            statuses.Add((await browser.GetAsync(client.Authorize("openid").Url, Stop)).Status);
        }

        statuses.ShouldBe([HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK]);
    }

    private async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(string json, string contentType)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var content = new StringContent(json, Encoding.UTF8, contentType);
        var url = fixture.Provider.Corp + "/clients-registrations/openid-connect";
        using var response = await http.PostAsync(url, content, Stop);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!.AsObject());
    }
}
