using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Http;
using CsCheck;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Whatever a server or a target writes about itself, only what is acceptable is used.</summary>
public sealed class MetadataProperties
{
    private const string Issuer = "https://id.example/realms/partner";
    private const string Resource = "https://notes.example/mcp";

    private static readonly string[] Endpoints =
    [
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "registration_endpoint",
        "userinfo_endpoint",
    ];

    private static readonly Gen<string> Junk = Gen.OneOf(
        "null",
        "7",
        "true",
        "[]",
        "{}",
        "\"\"",
        """["S256",7,null]""",
        """["plain"]""",
        """{"S256":"S256"}""",
        "\"S256\""
    );

    private static readonly Gen<string> Url = Gen.OneOf(
            Issuer,
            Issuer + "/",
            Issuer.ToUpperInvariant(),
            "https://id.example/token?a=b",
            "http://id.example/token",
            "https://user:word@id.example/token",
            "https://id.example/token#fragment",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "/token",
            "//id.example/token",
            "https://",
            "https://[::1/",
            "mailto:a@b.c",
            "urn:a:b"
        )
        .Select(static url => JsonSerializer.Serialize(url));

    private static readonly Gen<string> Value = Gen.OneOf(Junk, Url, Gen.Const("""["plain","S256"]"""));

    private static readonly Gen<(string Name, string Value)> Member = Gen.Select(
        Gen.OneOf([.. Endpoints, "issuer", "code_challenge_methods_supported", "scopes_supported", "x"]),
        Value
    );

    private static readonly AuthorizationServerMetadata Metadata = new(documents: null!, FakeWeb.Guard);

    [Fact]
    public void Of_an_authorization_server_nothing_is_used_that_is_not_acceptable() =>
        Gen.Select(Member.Array[0, 4], Gen.Bool)
            .Sample(
                static (changes, allowWithoutPkce) =>
                {
                    var document = Honest();
                    foreach (var (name, value) in changes)
                    {
                        document[name] = JsonNode.Parse(value);
                    }

                    var found = Metadata.Check(document, Issuer, Resource, allowWithoutPkce).Value;

                    return found is null ? changes.Length > 0 : IsAcceptable(found, document, allowWithoutPkce);
                },
                iter: 50_000
            );

    [Fact]
    public void Of_a_target_nothing_is_used_that_is_about_another() =>
        Gen.Select(
                Gen.OneOf("https://notes.example", "https://notes.example:444", "https://NOTES.example"),
                Gen.OneOf("", "/", "/mcp", "/mcp/", "/mcp/a", "/mc", "/mcp2", "/MCP", "/mcp/a/../b"),
                Gen.OneOf("", "?a=b", "#c"),
                Gen.OneOf("https://notes.example/mcp", "https://notes.example/", "https://notes.example/mcp/a")
            )
            .Sample(
                static (origin, path, more, target) =>
                {
                    var metadata = new JsonObject { ["resource"] = origin + path + more };
                    var said = new ProtectedResource(new Uri(target), Challenge: null, metadata);
                    var folders = new Uri(origin + path).AbsolutePath.Trim('/');
                    var own = new Uri(target).AbsolutePath.Trim('/');
                    var isItsName =
                        new Uri(origin).Host == "notes.example"
                        && new Uri(origin).Port == 443
                        && more.Length == 0
                        && (
                            folders.Length == 0
                            || own == folders
                            || own.StartsWith(folders + '/', StringComparison.Ordinal)
                        );
                    return (said.Resource is not null) == isItsName;
                },
                iter: 20_000
            );

    [Fact]
    public void Arbitrary_documents_of_a_target_never_throw() =>
        Gen.Select(Value, Value, Value)
            .Sample(
                static (resource, servers, scopes) =>
                {
                    var text = $$"""
                        {"resource":{{resource}},"authorization_servers":[{{servers}}],"scopes_supported":[{{scopes}}]}
                        """;
                    var metadata = JsonDocuments.TryParse(Encoding.UTF8.GetBytes(text));
                    var said = new ProtectedResource(new Uri(Resource), Challenge: null, metadata);
                    _ = said.Scopes;
                    return said.Resource is null && (said.Issuer is null || Places(said.Issuer));
                },
                iter: 20_000
            );

    private static bool IsAcceptable(AuthorizationServer found, JsonObject document, bool allowWithoutPkce)
    {
        Uri?[] used =
        [
            found.AuthorizationEndpoint,
            found.TokenEndpoint,
            found.RevocationEndpoint,
            found.RegistrationEndpoint,
            found.UserInfoEndpoint,
        ];
        return document["issuer"]!.GetValue<string>() == Issuer
            && (allowWithoutPkce || document["code_challenge_methods_supported"]!.ToJsonString().Contains("S256"))
            && used.All(static url => url is null or { Scheme: "https", UserInfo: "", Fragment: "" });
    }

    // Whatever is named as an issuer, there are places to look for its metadata, and they are its own.
    private static bool Places(string issuer) =>
        AuthorizationServerMetadata
            .Locations(issuer)
            .All(place => place.Scheme == new Uri(issuer).Scheme && place.Host == new Uri(issuer).Host);

    private static JsonObject Honest()
    {
        var document = new JsonObject
        {
            ["issuer"] = Issuer,
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
        };
        foreach (var endpoint in Endpoints)
        {
            document[endpoint] = $"{Issuer}/{endpoint}";
        }

        return document;
    }
}
