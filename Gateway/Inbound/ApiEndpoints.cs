using AspireGateway.Gateway.Inbound.Tokens;

namespace AspireGateway.Gateway.Inbound;

/// <summary>Marks an endpoint of an HTTP API beside MCP: the scopes that it needs, and that a refusal is told as problem details (RFC 9457).</summary>
internal sealed class ApiEndpointMetadata(ScopeSet scopes)
{
    public ScopeSet Scopes => scopes;
}

internal static class ApiEndpoints
{
    /// <summary>
    /// Asks for an access token like the MCP endpoint's, with these scopes instead of that endpoint's. Routes must not name their target
    /// <see cref="McpEndpointMetadata.TargetRouteValue"/>: a token for one target's endpoint would be good there.
    /// </summary>
    public static TBuilder RequireScopes<TBuilder>(this TBuilder builder, string scopes)
        where TBuilder : IEndpointConventionBuilder
    {
        var needed = ScopeSet.Parse(scopes);
        return builder
            .WithMetadata(new ApiEndpointMetadata(needed))
            .RequireAuthorization(policy => policy.AddRequirements(new TokenRequirement(needed)));
    }

    /// <summary>What the endpoint says about itself; null where it is none of an API.</summary>
    public static ApiEndpointMetadata? GetApiMetadata(this HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ApiEndpointMetadata>();
}
