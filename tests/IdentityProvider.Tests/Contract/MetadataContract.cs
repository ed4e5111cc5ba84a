using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AspireGateway.TestKit;

namespace AspireGateway.IdentityProvider.Tests.Contract;

public abstract partial class IdentityProviderContract
{
    [Theory]
    [InlineData("corp", "{0}/.well-known/openid-configuration")]
    [InlineData("corp", "/.well-known/oauth-authorization-server{0}")]
    [InlineData("partner", "{0}/.well-known/openid-configuration")]
    [InlineData("partner", "/.well-known/oauth-authorization-server{0}")]
    public async Task Metadata_says_all_that_a_client_needs(string realm, string path)
    {
        var issuer = realm == "corp" ? Provider.Corp : Provider.Partner;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        var url = new Uri(issuer, string.Format(null, path, issuer.AbsolutePath));
        var metadata = (await http.GetFromJsonAsync<JsonObject>(url, Stop))!;

        ((string)metadata["issuer"]!).ShouldBe(issuer.OriginalString);
        foreach (var endpoint in Endpoints)
        {
            ((string?)metadata[endpoint])
                .ShouldNotBeNull(endpoint)
                .ShouldStartWith(issuer.GetLeftPart(UriPartial.Authority));
        }

        metadata.Strings("response_types_supported").ShouldContain("code");
        metadata.Strings("grant_types_supported").ShouldContain("authorization_code");
        metadata.Strings("grant_types_supported").ShouldContain("refresh_token");
        metadata.Strings("code_challenge_methods_supported").ShouldContain("S256");
        metadata.Strings("token_endpoint_auth_methods_supported").ShouldContain("client_secret_basic");
        metadata.Strings("token_endpoint_auth_methods_supported").ShouldContain("client_secret_post");
        metadata.Strings("scopes_supported").ShouldContain(realm == "corp" ? "mcp:tools" : "notes:read");
        metadata.Strings("scopes_supported").ShouldContain("offline_access");
        ((bool)metadata["authorization_response_iss_parameter_supported"]!).ShouldBeTrue();
        ((bool)metadata["client_id_metadata_document_supported"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task The_key_that_signed_a_token_is_published()
    {
        using var client = await CorpClientAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var token = await SignInAsync(client);

        var keys = await http.GetFromJsonAsync<JsonObject>(client.Endpoint("jwks_uri"), Stop);

        var header = Jwt.Header(token.AccessToken);
        ((string)header["alg"]!).ShouldBe("RS256");
        var published = keys!["keys"]!.AsArray().Single(key => (string?)key!["kid"] == (string?)header["kid"])!;
        ((string)published["kty"]!).ShouldBe("RSA");
        published["d"].ShouldBeNull("a private key must never be published");
    }

    private static readonly string[] Endpoints =
    [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "revocation_endpoint",
        "userinfo_endpoint",
        "end_session_endpoint",
        "registration_endpoint",
    ];
}
