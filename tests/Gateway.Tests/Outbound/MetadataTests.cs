using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Discovery;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What is read out of honest metadata, where it is looked for, and what a target's word counts.</summary>
public sealed class MetadataTests
{
    private const string Issuer = "https://id.example/realms/partner";

    private static readonly AuthorizationServerMetadata Metadata = new(documents: null!, FakeWeb.Guard);

    [Fact]
    public void All_that_a_server_says_is_known_of_it()
    {
        var server = Read(
            """
            {
              "revocation_endpoint": "https://id.example/revoke",
              "registration_endpoint": "https://id.example/register",
              "userinfo_endpoint": "https://id.example/userinfo",
              "authorization_response_iss_parameter_supported": true,
              "client_id_metadata_document_supported": true,
              "token_endpoint_auth_methods_supported": ["none", 7, "", "client_secret_post"],
              "scopes_supported": ["openid", "offline_access"]
            }
            """
        );

        server.Issuer.ShouldBe(Issuer);
        server.Resource.ShouldBe("https://notes.example/mcp");
        server.AuthorizationEndpoint.AbsoluteUri.ShouldBe("https://id.example/authorize");
        server.TokenEndpoint.AbsoluteUri.ShouldBe("https://id.example/token");
        server.RevocationEndpoint?.AbsoluteUri.ShouldBe("https://id.example/revoke");
        server.RegistrationEndpoint?.AbsoluteUri.ShouldBe("https://id.example/register");
        server.UserInfoEndpoint?.AbsoluteUri.ShouldBe("https://id.example/userinfo");
        server.SendsIssuer.ShouldBeTrue();
        server.AcceptsMetadataDocuments.ShouldBeTrue();
        server.OffersOfflineAccess.ShouldBeTrue();
        server.TokenEndpointAuthMethods.ShouldBe(["none", "client_secret_post"]);
        server.SuggestedScopes?.Values.ShouldBe(["openid", "offline_access"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(
        """
            {
              "revocation_endpoint": 7,
              "registration_endpoint": "http://id.example/register",
              "userinfo_endpoint": "/userinfo",
              "authorization_response_iss_parameter_supported": "true",
              "client_id_metadata_document_supported": false,
              "token_endpoint_auth_methods_supported": "none",
              "scopes_supported": []
            }
            """
    )]
    public void What_it_does_not_say_or_does_not_say_well_it_does_not_offer(string more)
    {
        var server = Read(more);

        server.RevocationEndpoint.ShouldBeNull();
        server.RegistrationEndpoint.ShouldBeNull();
        server.UserInfoEndpoint.ShouldBeNull();
        server.SendsIssuer.ShouldBeFalse();
        server.AcceptsMetadataDocuments.ShouldBeFalse();
        server.OffersOfflineAccess.ShouldBeFalse();
        server.TokenEndpointAuthMethods.ShouldBeEmpty();
        server.SuggestedScopes.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"token_endpoint":null}""", false, ErrorCodes.InvalidMetadata)]
    [InlineData("""{"authorization_endpoint":null}""", false, ErrorCodes.InvalidMetadata)]
    [InlineData("""{"issuer":"https://id.example/realms/partner/"}""", false, ErrorCodes.IssuerMismatch)]
    [InlineData("""{"code_challenge_methods_supported":["plain"]}""", false, ErrorCodes.NoPkce)]
    [InlineData("""{"code_challenge_methods_supported":["plain"]}""", true, null)]
    public void What_a_flow_cannot_do_without_is_named(string more, bool allowWithoutPkce, string? reason) =>
        Metadata
            .Check(Document(more), Issuer, "https://notes.example/mcp", allowWithoutPkce)
            .Problem?.Reason.ShouldBe(reason);

    [Theory]
    [InlineData(
        "https://id.example",
        "https://id.example/.well-known/oauth-authorization-server https://id.example/.well-known/openid-configuration"
    )]
    [InlineData(
        "https://id.example/",
        "https://id.example/.well-known/oauth-authorization-server https://id.example/.well-known/openid-configuration"
    )]
    [InlineData(
        "https://id.example:8443/a/b/",
        "https://id.example:8443/.well-known/oauth-authorization-server/a/b https://id.example:8443/.well-known/openid-configuration/a/b https://id.example:8443/a/b/.well-known/openid-configuration"
    )]
    public void A_servers_metadata_is_looked_for_in_the_places_of_the_specification_in_their_order(
        string issuer,
        string places
    ) => string.Join(' ', AuthorizationServerMetadata.Locations(issuer)).ShouldBe(places);

    [Theory]
    [InlineData("Bearer scope=\"a\"", "https://notes.example/mcp", "a")]
    [InlineData("Bearer scope=\"a\"", "https://evil.example/mcp", "a")]
    [InlineData("Bearer", "https://notes.example/mcp", "b c")]
    [InlineData(null, "https://notes.example/mcp", "b c")]
    [InlineData(null, "https://evil.example/mcp", null)]
    public void The_scopes_of_the_challenge_come_before_those_of_metadata_about_this_target(
        string? challenge,
        string resource,
        string? scopes
    ) =>
        Said(challenge, $$"""{"resource":"{{resource}}","scopes_supported":["b","",null,"c"]}""")
            .Scopes?.ToString()
            .ShouldBe(scopes);

    [Theory]
    [InlineData("""["/here", 7, null, "https://one.example", "https://two.example"]""", "https://one.example")]
    [InlineData("""["ftp://one.example", "http://localhost:1"]""", "http://localhost:1")]
    [InlineData("""["urn:a:b"]""", null)]
    [InlineData("""[]""", null)]
    [InlineData("""{}""", null)]
    public void The_first_authorization_server_with_an_address_of_the_web_is_taken(string servers, string? issuer) =>
        Said(challenge: null, $$"""{"authorization_servers":{{servers}}}""").Issuer.ShouldBe(issuer);

    [Fact]
    public void A_target_without_metadata_says_nothing()
    {
        var said = new ProtectedResource(new Uri("https://notes.example/mcp"), Challenge: null, Metadata: null);

        said.HasMetadata.ShouldBeFalse();
        said.Resource.ShouldBeNull();
        said.Issuer.ShouldBeNull();
        said.Scopes.ShouldBeNull();
        Said(challenge: null, """{"scopes_supported":[]}""").HasMetadata.ShouldBeTrue();
    }

    [Theory]
    [InlineData("authorization_endpoint", null)]
    [InlineData("authorization_endpoint", "http://id.example/authorize")]
    [InlineData("token_endpoint", null)]
    [InlineData("token_endpoint", "https://user@id.example/token")]
    public void A_server_that_lacks_one_of_the_two_endpoints_is_no_use(string name, string? value)
    {
        var document = Document("{}");
        document[name] = value;

        var read = Metadata.Check(document, Issuer, "https://notes.example/mcp", allowWithoutPkce: false);

        read.Problem.ShouldNotBeNull().Reason.ShouldBe(ErrorCodes.InvalidMetadata);
    }

    private static ProtectedResource Said(string? challenge, string metadata) =>
        new(
            new Uri("https://notes.example/mcp"),
            BearerChallenge.Parse(challenge),
            JsonNode.Parse(metadata)!.AsObject()
        );

    private static AuthorizationServer Read(string more) =>
        Metadata
            .Check(Document(more), Issuer, "https://notes.example/mcp", allowWithoutPkce: false)
            .Value.ShouldNotBeNull();

    private static JsonObject Document(string more)
    {
        var document = new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = "https://id.example/authorize",
            ["token_endpoint"] = "https://id.example/token",
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
        };
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
        {
            document[name] = value?.DeepClone();
        }

        return document;
    }
}
