using AspireGateway.Gateway.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.Metadata;

/// <summary>Protected resource metadata (RFC 9728): at the root for the aggregate endpoint, path-inserted for it and each target.</summary>
internal static class MetadataEndpoints
{
    /// <summary>The well-known path (RFC 9728 §3).</summary>
    public const string Path = "/.well-known/oauth-protected-resource";

    public static void MapProtectedResourceMetadata(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(Path).AllowAnonymous().RequireCors(InboundExtensions.OpenCorsPolicy);
        group.MapGet("", static (MetadataDocuments documents) => Aggregate(documents));
        group.MapGet(GatewayOptions.McpPath, static (MetadataDocuments documents) => Aggregate(documents));
        group.MapGet("/{**unknown}", static () => TypedResults.NotFound());
        group.MapGet(
            GatewayOptions.McpPath + "/{target}",
            static Results<Ok<ProtectedResourceMetadata>, NotFound> (string target, MetadataDocuments documents) =>
                documents.ForTarget(target) is { } document ? Answer(document) : TypedResults.NotFound()
        );
    }

    private static Ok<ProtectedResourceMetadata> Aggregate(MetadataDocuments documents) =>
        Answer(documents.ForGateway());

    private static Ok<ProtectedResourceMetadata> Answer(ProtectedResourceMetadata document)
    {
        using var span = GatewayTelemetry.Start(Spans.Metadata);
        return TypedResults.Ok(document);
    }
}

/// <summary>Builds the metadata from configuration; nothing of a request goes into it.</summary>
internal sealed class MetadataDocuments(
    IOptions<GatewayOptions> gateway,
    IOptions<InboundOptions> inbound,
    IProtectedResources resources,
    ScopeNames scopeNames
)
{
    private readonly IReadOnlyList<string> _authorizationServers =
    [
        .. inbound.Value.Issuers.Select(static issuer => issuer.AdvertisedIssuer),
    ];
    private readonly IReadOnlyList<string> _scopes = scopeNames
        .Advertise(ScopeSet.Parse(inbound.Value.RequiredScopes))
        .Values;

    public ProtectedResourceMetadata ForGateway() => Document(gateway.Value.Resource, inbound.Value.ResourceName);

    /// <summary>Metadata of <c>/mcp/{target}</c>; null when there is no such target.</summary>
    public ProtectedResourceMetadata? ForTarget(string target) =>
        TargetName.TryParse(target, out var name) && resources.Exists(name)
            ? Document(gateway.Value.ResourceOf(name), $"{inbound.Value.ResourceName}: {name}")
            : null;

    private ProtectedResourceMetadata Document(string resource, string name) =>
        new(resource, _authorizationServers, _scopes, ["header"], name);
}
