namespace AspireGateway.TestClient.Flow;

/// <summary>Which leg of the flow an HTTP request is.</summary>
internal enum Leg
{
    /// <summary>A message to the MCP server.</summary>
    Mcp,

    /// <summary>Protected resource metadata.</summary>
    ResourceMetadata,

    /// <summary>Authorization server metadata.</summary>
    ServerMetadata,

    /// <summary>Dynamic client registration.</summary>
    Registration,

    /// <summary>Token request.</summary>
    Token,
}

/// <summary>Recognises legs: by well-known paths, and by the endpoints that the metadata named.</summary>
internal static class Legs
{
    /// <summary>Which leg <paramref name="request"/> is.</summary>
    public static Leg Of(HttpRequestMessage request, FlowKnowledge known)
    {
        var url = request.RequestUri!;
        var path = url.AbsolutePath;
        if (request.Method == HttpMethod.Post)
        {
            return url.AbsoluteUri switch
            {
                var post when Same(post, known.Server?.TokenEndpoint) => Leg.Token,
                var post when Same(post, known.Server?.RegistrationEndpoint) => Leg.Registration,
                _ => Leg.Mcp,
            };
        }

        if (
            Same(url.AbsoluteUri, known.ResourceMetadataUrl)
            || path.StartsWith("/.well-known/oauth-protected-resource", StringComparison.Ordinal)
        )
        {
            return Leg.ResourceMetadata;
        }

        return
            path.Contains("/.well-known/oauth-authorization-server", StringComparison.Ordinal)
            || path.Contains("/.well-known/openid-configuration", StringComparison.Ordinal)
            ? Leg.ServerMetadata
            : Leg.Mcp;
    }

    /// <summary>Name of the leg's span; null where the SDK's own span says it all.</summary>
    public static string? Span(this Leg leg) =>
        leg switch
        {
            Leg.ResourceMetadata or Leg.ServerMetadata => ClientTelemetry.Discover,
            Leg.Registration => ClientTelemetry.Register,
            Leg.Token => ClientTelemetry.Token,
            _ => null,
        };

    private static bool Same(string url, string? other) =>
        other is not null && Uri.TryCreate(other, UriKind.Absolute, out var parsed) && parsed.AbsoluteUri == url;
}
