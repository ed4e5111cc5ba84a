namespace AspireGateway.Gateway.Inbound;

/// <summary>Which protected resources (RFC 9728) exist. Defined here and implemented above, where the targets are known.</summary>
internal interface IProtectedResources
{
    /// <summary>Whether <c>/mcp/{target}</c> is a resource of its own.</summary>
    bool Exists(TargetName target);
}

/// <summary>Marks an endpoint as an MCP endpoint: it needs an access token for <c>/mcp</c>, or for <c>/mcp/{target}</c>.</summary>
internal sealed class McpEndpointMetadata
{
    /// <summary>Route value that names the target.</summary>
    public const string TargetRouteValue = "target";

    public static readonly McpEndpointMetadata Instance = new();
}

internal static class ProtectedResourceExtensions
{
    /// <summary>Whether the request goes to an MCP endpoint.</summary>
    public static bool IsMcpRequest(this HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<McpEndpointMetadata>() is not null;

    /// <summary>The target that the path names; null on the aggregate endpoint and for a name that cannot be one.</summary>
    public static TargetName? GetRouteTarget(this HttpContext context) =>
        TargetName.TryParse(context.GetRouteValue(McpEndpointMetadata.TargetRouteValue) as string, out var name)
            ? name
            : null;
}
