using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Http;

namespace AspireGateway.Gateway.Outbound.Discovery;

/// <summary>Finds and checks the metadata of an authorization server (RFC 8414, OpenID Connect Discovery).</summary>
internal sealed class AuthorizationServerMetadata(JsonDocuments documents, OutboundHttp guard)
{
    /// <summary>Asks for a grant that outlives the person's session (OpenID Connect Core §11).</summary>
    public const string OfflineAccess = "offline_access";

    private const string S256 = "S256";

    /// <summary>Reads the metadata of an issuer.</summary>
    /// <param name="issuer">The issuer, as it must be spelled in its metadata.</param>
    /// <param name="resource">Resource that tokens are asked for.</param>
    /// <param name="allowWithoutPkce">Accepts a server that does not announce S256; an explicit setting of the target.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<Outcome<AuthorizationServer>> ReadAsync(
        string issuer,
        string resource,
        bool allowWithoutPkce,
        CancellationToken cancel
    )
    {
        foreach (var url in Locations(issuer))
        {
            if (await documents.TryGetAsync(url, cancel) is { } document)
            {
                return Check(document, issuer, resource, allowWithoutPkce);
            }
        }

        return new OutboundProblem(
            ErrorCodes.NoMetadata,
            $"The authorization server '{issuer}' publishes no metadata (RFC 8414, OpenID Connect Discovery). Set the endpoints in the target's AuthorizationCode settings."
        );
    }

    /// <summary>The places of MCP's specification, in its order: RFC 8414 path-inserted, OpenID path-inserted, OpenID appended.</summary>
    internal static IEnumerable<Uri> Locations(string issuer)
    {
        var url = new Uri(issuer);
        var origin = url.GetLeftPart(UriPartial.Authority);
        var path = url.AbsolutePath.TrimEnd('/');
        yield return new Uri($"{origin}/.well-known/oauth-authorization-server{path}");
        yield return new Uri($"{origin}/.well-known/openid-configuration{path}");
        if (path.Length > 0)
        {
            yield return new Uri($"{origin}{path}/.well-known/openid-configuration");
        }
    }

    /// <summary>Checks a document that speaks for <paramref name="issuer"/>.</summary>
    internal Outcome<AuthorizationServer> Check(
        JsonObject document,
        string issuer,
        string resource,
        bool allowWithoutPkce
    )
    {
        // RFC 8414 §3.3: else one server could speak for another (mix-up).
        if (!string.Equals(document.TextOf("issuer"), issuer, StringComparison.Ordinal))
        {
            return new OutboundProblem(
                ErrorCodes.IssuerMismatch,
                $"The metadata of the authorization server '{issuer}' speaks for another issuer. It is not used."
            );
        }

        var authorization = Endpoint(document, "authorization_endpoint");
        var token = Endpoint(document, "token_endpoint");
        if (authorization is null || token is null)
        {
            return new OutboundProblem(
                ErrorCodes.InvalidMetadata,
                $"The metadata of the authorization server '{issuer}' lacks an acceptable authorization_endpoint or token_endpoint (https, without user information and fragment)."
            );
        }

        if (!allowWithoutPkce && !Texts(document, "code_challenge_methods_supported").Contains(S256))
        {
            return new OutboundProblem(
                ErrorCodes.NoPkce,
                $"The authorization server '{issuer}' does not say that it supports PKCE with S256. Without it a stolen code is a stolen account; if you accept that, set AllowWithoutPkce for the target."
            );
        }

        var scopes = Texts(document, "scopes_supported");
        return new AuthorizationServer
        {
            Issuer = issuer,
            AuthorizationEndpoint = authorization,
            TokenEndpoint = token,
            RevocationEndpoint = Endpoint(document, "revocation_endpoint"),
            RegistrationEndpoint = Endpoint(document, "registration_endpoint"),
            UserInfoEndpoint = Endpoint(document, "userinfo_endpoint"),
            OffersOfflineAccess = scopes.Contains(OfflineAccess),
            SendsIssuer = Flag(document, "authorization_response_iss_parameter_supported"),
            AcceptsMetadataDocuments = Flag(document, "client_id_metadata_document_supported"),
            TokenEndpointAuthMethods = Texts(document, "token_endpoint_auth_methods_supported"),
            SuggestedScopes = scopes.Count == 0 ? null : new ScopeSet(scopes),
            Resource = resource,
        };
    }

    private Uri? Endpoint(JsonObject document, string name) =>
        Uri.TryCreate(document.TextOf(name), UriKind.Absolute, out var url) && guard.Problem(url) is null ? url : null;

    private static bool Flag(JsonObject document, string name) =>
        document[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static List<string> Texts(JsonObject document, string name) =>
        document[name] is JsonArray array
            ?
            [
                .. array
                    .OfType<JsonValue>()
                    .Select(static value => value.TryGetValue(out string? text) ? text : "")
                    .Where(static text => text.Length > 0),
            ]
            : [];
}
