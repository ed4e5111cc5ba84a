namespace AspireGateway.AppHost;

/// <summary>
/// One realm, whoever plays it: where clients discover it, and how it is told which resource its tokens are for.
/// </summary>
/// <param name="Name">Name of the realm.</param>
/// <param name="Url">The issuer.</param>
/// <param name="Server">What has to be up before tokens can be had; null where that is no part of this system.</param>
/// <param name="Protects">Tells the realm the public URL of the server that it issues tokens for.</param>
internal sealed record Authority(
    string Name,
    ReferenceExpression Url,
    IResourceBuilder<IResource>? Server,
    Action<EndpointReference> Protects
)
{
    /// <summary>Secret of the gateway's own client there.</summary>
    public IResourceBuilder<ParameterResource>? GatewaySecret { get; init; }

    /// <summary>OpenID Connect discovery.</summary>
    public ReferenceExpression DiscoveryUrl => ReferenceExpression.Create($"{Url}/.well-known/openid-configuration");
}

/// <summary>The two realms.</summary>
/// <param name="Corp">The company's own.</param>
/// <param name="Partner">Another company's.</param>
/// <param name="DemoPassword">The public password of the demo users.</param>
/// <param name="GatewaySecret">Secret of the gateway's own client in each realm.</param>
internal sealed record IdentityRealms(
    Authority Corp,
    Authority Partner,
    IResourceBuilder<ParameterResource> DemoPassword,
    IResourceBuilder<ParameterResource> GatewaySecret
)
{
    /// <summary>The company's own.</summary>
    public Authority Corp { get; } = Corp with { GatewaySecret = GatewaySecret };

    /// <summary>Another company's.</summary>
    public Authority Partner { get; } = Partner with { GatewaySecret = GatewaySecret };
}
