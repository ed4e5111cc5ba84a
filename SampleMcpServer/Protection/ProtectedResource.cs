using System.Text.Json.Nodes;

namespace AspireGateway.SampleMcpServer.Protection;

/// <summary>
/// This server as OAuth knows it. All addresses come from the configuration and none from a request, whose Host header is its
/// sender's choice.
/// </summary>
internal sealed class ProtectedResource
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    public ProtectedResource(Uri publicUrl, string issuer, ScopePolicy scopes, string name)
    {
        var origin = publicUrl.GetLeftPart(UriPartial.Authority);
        var path = publicUrl.AbsolutePath.TrimEnd('/') + SampleServer.McpPath;
        Identifier = origin + path;
        // RFC 9728 section 3.1: between the host and the path.
        MetadataUrl = origin + WellKnown + path;
        Issuer = issuer;
        Scopes = scopes;
        Name = name;
    }

    /// <summary>Path of the metadata on this server; a proxy in front maps <see cref="MetadataUrl"/> to it.</summary>
    public static string MetadataPath => WellKnown + SampleServer.McpPath;

    /// <summary>The resource identifier, which is the audience of its tokens.</summary>
    public string Identifier { get; }

    /// <summary>Where clients read the metadata.</summary>
    public string MetadataUrl { get; }

    /// <summary>Whose tokens are accepted; compared as it is written.</summary>
    public string Issuer { get; }

    /// <summary>What callers need.</summary>
    public ScopePolicy Scopes { get; }

    /// <summary>Name for people.</summary>
    public string Name { get; }

    /// <summary>Protected resource metadata (RFC 9728).</summary>
    public JsonObject Metadata() =>
        new()
        {
            ["resource"] = Identifier,
            ["authorization_servers"] = new JsonArray(Issuer),
            ["scopes_supported"] = new JsonArray([.. Scopes.Advertised.Select(static scope => (JsonNode)scope)]),
            ["bearer_methods_supported"] = new JsonArray("header"),
            ["resource_name"] = Name,
        };
}
