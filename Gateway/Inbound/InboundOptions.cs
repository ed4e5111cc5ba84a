namespace AspireGateway.Gateway.Inbound;

/// <summary>The gateway as resource server. Section <c>Gateway:Inbound</c>.</summary>
internal sealed class InboundOptions
{
    public const string Section = "Gateway:Inbound";

    /// <summary>Identity providers whose access tokens are accepted; at least one, unless <see cref="AllowAnonymous"/> is set.</summary>
    public IList<IssuerOptions> Issuers { get; } = [];

    /// <summary>Scopes that every MCP request needs, space separated as in a challenge.</summary>
    public string RequiredScopes { get; set; } = "mcp:tools";

    /// <summary>Origins of browser-based clients (scheme, host, port); requests that carry another <c>Origin</c> get 403.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Name of the gateway that consent screens and clients show (RFC 9728 <c>resource_name</c>).</summary>
    public string ResourceName { get; set; } = "AspireGateway";

    /// <summary>How far the clocks of issuer and gateway may differ.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A token that lives longer than this is refused: it cannot be an access token for a person's session.</summary>
    public TimeSpan MaxTokenLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How many validated tokens are remembered, so that their signature is checked once.</summary>
    public int TokenCacheSize { get; set; } = 10_000;

    /// <summary>Lets everybody in, as user <c>anonymous</c>. For local experiments: refused outside Development.</summary>
    public bool AllowAnonymous { get; set; }
}
