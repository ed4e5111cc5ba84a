using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.IdentityProvider.Registration;
using AspireGateway.ServiceDefaults;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

public sealed class MetadataDocumentTests(EmbeddedFixture fixture) : IClassFixture<EmbeddedFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_is_read_once_and_then_remembered_for_a_while()
    {
        await using var server = await DocumentServer.StartNewAsync();
        server.Serve("/client.json", Document(server.UrlOf("/client.json")));

        var first = await OpenAsync(server.UrlOf("/client.json"));
        var second = await OpenAsync(server.UrlOf("/client.json"));

        first.Status.ShouldBe(HttpStatusCode.OK);
        second.Status.ShouldBe(HttpStatusCode.OK);
        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("token_endpoint_auth_method", "client_secret_basic")]
    [InlineData("client_id", "https://client.example/other.json")]
    [InlineData("client_id", null)]
    [InlineData("redirect_uris", "not an array")]
    [InlineData("redirect_uris", null)]
    public async Task A_document_that_says_something_wrong_is_refused(string member, string? value)
    {
        await using var server = await DocumentServer.StartNewAsync();
        var document = JsonNode.Parse(Document(server.UrlOf("/client.json")))!.AsObject();
        document[member] = value;
        server.Serve("/client.json", document.ToJsonString());

        await AssertRefusedAsync(server.UrlOf("/client.json"));
    }

    [Theory]
    [InlineData("http://192.168.1.10/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://client.example/callback#fragment")]
    public async Task A_document_with_an_unsafe_redirect_URI_is_refused(string redirectUri)
    {
        await using var server = await DocumentServer.StartNewAsync();
        var document = JsonNode.Parse(Document(server.UrlOf("/client.json")))!.AsObject();
        document["redirect_uris"]!.AsArray().Add(redirectUri);
        server.Serve("/client.json", document.ToJsonString());

        await AssertRefusedAsync(server.UrlOf("/client.json"));
    }

    [Theory]
    [InlineData(5_000, HttpStatusCode.BadRequest)]
    [InlineData(3_000, HttpStatusCode.OK)]
    public async Task A_document_may_have_five_kilobytes(int padding, HttpStatusCode expected)
    {
        await using var server = await DocumentServer.StartNewAsync();
        var document = JsonNode.Parse(Document(server.UrlOf("/client.json")))!.AsObject();
        document["padding"] = new string('x', padding);
        server.Serve("/client.json", document.ToJsonString());

        (await OpenAsync(server.UrlOf("/client.json"))).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task Redirects_other_content_types_and_errors_are_not_followed_or_read()
    {
        await using var server = await DocumentServer.StartNewAsync();
        server.Serve("/real.json", Document(server.UrlOf("/moved.json")));
        server.Serve(
            "/moved.json",
            static http =>
            {
                http.Response.Redirect("/real.json");
                return Task.CompletedTask;
            }
        );
        server.Serve("/page.html", Document(server.UrlOf("/page.html")), "text/html");

        await AssertRefusedAsync(server.UrlOf("/moved.json"));
        await AssertRefusedAsync(server.UrlOf("/page.html"));
        await AssertRefusedAsync(server.UrlOf("/missing.json"));
        server.Requests.ShouldNotContain(static request => request.Path == "/real.json");
    }

    [Theory]
    [InlineData("/client.json?version=1")]
    [InlineData("/")]
    [InlineData("/a/../client.json")]
    public async Task An_address_that_is_no_client_id_is_not_even_fetched(string path)
    {
        await using var server = await DocumentServer.StartNewAsync();
        server.Serve("/client.json", Document(server.UrlOf(path)));

        await AssertRefusedAsync(server.UrlOf(path));
        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://client.example/client.json", false)]
    [InlineData("https://client.example/client.json", true)]
    [InlineData("http://localhost:1/client.json", true)]
    [InlineData("https://user@client.example/client.json", false)]
    [InlineData("https://client.example/client.json#x", false)]
    [InlineData("HTTPS://client.example/client.json", false)]
    public void A_document_is_at_https_or_on_this_machine(string url, bool accepted) =>
        (MetadataDocumentUrl.Check(MetadataDocumentUrl.TryParse(url)!, url) is null).ShouldBe(accepted);

    [Theory]
    [InlineData("10.1.2.3", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    public void Only_public_addresses_are_reached(string address, bool isPublic) =>
        PublicAddress.Is(IPAddress.Parse(address)).ShouldBe(isPublic);

    private static string Document(string clientId) =>
        new JsonObject
        {
            ["client_id"] = clientId,
            ["client_name"] = "Test program",
            ["redirect_uris"] = new JsonArray("http://127.0.0.1:51789/callback"),
            ["token_endpoint_auth_method"] = "none",
        }.ToJsonString();

    private async Task<BrowserPage> OpenAsync(string clientId)
    {
        using var client = await OAuthClient.DiscoverAsync(fixture.Provider.Corp, Stop);
        using var browser = new Browser();
        client.ClientId = clientId;
        return await browser.GetAsync(client.Authorize("openid").Url, Stop);
    }

    private async Task AssertRefusedAsync(string clientId)
    {
        var page = await OpenAsync(clientId);
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Text.ShouldContain("metadata document");
    }
}
