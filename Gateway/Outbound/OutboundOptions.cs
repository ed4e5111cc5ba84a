namespace AspireGateway.Gateway.Outbound;

/// <summary>The gateway as OAuth client. Section <c>Gateway:Outbound</c>.</summary>
internal sealed class OutboundOptions
{
    public const string Section = "Gateway:Outbound";

    /// <summary>Name of the gateway that third parties show on their consent pages.</summary>
    public string ClientName { get; set; } = "AspireGateway";

    /// <summary>
    /// URL of the gateway's client id metadata document. Empty: the one that it publishes itself at
    /// <c>{public}/connect/client.json</c>.
    /// </summary>
    public string ClientMetadataDocument { get; set; } = "";

    /// <summary>How long a consent link, and what follows it, may take: ten minutes at the most.</summary>
    public TimeSpan ConsentLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Pages outside of the gateway to which a browser may be sent after a consent, compared character by character.</summary>
    public IList<string> AllowedReturnUrls { get; } = [];

    /// <summary>So long before its end an access token is refreshed behind a call that still uses it.</summary>
    public TimeSpan RefreshAhead { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the token endpoint may take.</summary>
    public TimeSpan TokenEndpointTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
