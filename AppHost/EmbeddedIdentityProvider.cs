namespace AspireGateway.AppHost;

internal static class EmbeddedIdentityProvider
{
    private const string Section = "IdentityProvider__";

    // The gateway is what corp protects, and a client of both realms.
    private const string Gateway = "GatewayPublicUrl";

    /// <summary>Adds the embedded identity provider: one project, one process for each realm.</summary>
    public static IdentityRealms AddEmbeddedIdentityProvider(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ParameterResource> demoPassword,
        IResourceBuilder<ParameterResource> gatewaySecret
    )
    {
        var corp = builder.AddRealm("corp", demoPassword, gatewaySecret);
        var partner = builder.AddRealm("partner", demoPassword, gatewaySecret);

        return new IdentityRealms(
            ToAuthority(corp, Gateway, corp, partner),
            ToAuthority(partner, "NotesPublicUrl", partner),
            demoPassword,
            gatewaySecret
        );
    }

    private static IResourceBuilder<ProjectResource> AddRealm(
        this IDistributedApplicationBuilder builder,
        string realm,
        IResourceBuilder<ParameterResource> demoPassword,
        IResourceBuilder<ParameterResource> gatewaySecret
    )
    {
        var server = builder.AddProject<Projects.IdentityProvider>(realm, launchProfileName: realm);
        return server
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", url => url.Url = $"/realms/{realm}")
            .WithEnvironment($"{Section}PublicUrl", server.GetEndpoint("http"))
            // Until a server asks to be protected, the realm is its own resource: it issues tokens that open nothing.
            .WithEnvironment($"{Section}{Gateway}", server.GetEndpoint("http"))
            .WithEnvironment($"{Section}NotesPublicUrl", server.GetEndpoint("http"))
            .WithEnvironment($"{Section}DemoPassword", demoPassword)
            .WithEnvironment($"{Section}GatewayClientSecret", gatewaySecret)
            .WithEnvironment($"{Section}DataDirectory", DataFolder.Of(builder, realm));
    }

    private static Authority ToAuthority(
        IResourceBuilder<ProjectResource> server,
        string setting,
        params IResourceBuilder<ProjectResource>[] told
    ) =>
        new(
            server.Resource.Name,
            ReferenceExpression.Create($"{server.GetEndpoint("http")}/realms/{server.Resource.Name}"),
            server,
            resource => Array.ForEach(told, realm => realm.WithEnvironment($"{Section}{setting}", resource))
        );
}
