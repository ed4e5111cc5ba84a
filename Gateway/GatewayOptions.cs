namespace AspireGateway.Gateway;

/// <summary>What the gateway itself is. Section <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>Path of the aggregate endpoint, and last part of the resource identifier.</summary>
    public const string McpPath = "/mcp";

    /// <summary>
    /// Absolute URL under which clients reach the gateway, for example <c>https://gateway.example.com</c>. Metadata,
    /// challenges and the audience come from it, never from the request.
    /// </summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Further host names that requests may carry, for example a cluster-internal one.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>The resource identifier (RFC 8707) that access tokens must name in <c>aud</c>.</summary>
    public string Resource => PublicUrl.TrimEnd('/') + McpPath;

    /// <summary>The resource identifier of one target's own endpoint.</summary>
    public string ResourceOf(TargetName target) => $"{Resource}/{target}";

    /// <summary>Absolute URL of a path below the public URL.</summary>
    public string Absolute(string path) => PublicUrl.TrimEnd('/') + path;
}
