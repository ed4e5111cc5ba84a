namespace AspireGateway.AppHost;

internal static class EmbeddedIdentityProvider
{
    private const string Section = "IdentityProvider__";

    /// <summary>Adds the embedded identity provider: one project, one process for each realm.</summary>
    public static IdentityRealms AddEmbeddedIdentityProvider(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ParameterResource> demoPassword
    )
    {
        var corp = builder.AddRealm("corp", demoPassword);
        var partner = builder.AddRealm("partner", demoPassword);

        // Until a server asks to be protected, the realm is its own resource: it issues tokens that open nothing.
        partner.WithEnvironment($"{Section}NotesPublicUrl", partner.GetEndpoint("http"));
        return new IdentityRealms(
            ToAuthority(corp, "GatewayPublicUrl"),
            ToAuthority(partner, "NotesPublicUrl"),
            demoPassword
        );
    }

    private static IResourceBuilder<ProjectResource> AddRealm(
        this IDistributedApplicationBuilder builder,
        string realm,
        IResourceBuilder<ParameterResource> demoPassword
    )
    {
        var server = builder.AddProject<Projects.IdentityProvider>(realm, launchProfileName: realm);
        return server
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", url => url.Url = $"/realms/{realm}")
            .WithEnvironment($"{Section}PublicUrl", server.GetEndpoint("http"))
            .WithEnvironment($"{Section}DemoPassword", demoPassword)
            .WithEnvironment($"{Section}DataDirectory", DataFolder.Of(builder, realm));
    }

    private static Authority ToAuthority(IResourceBuilder<ProjectResource> server, string setting) =>
        new(
            server.Resource.Name,
            ReferenceExpression.Create($"{server.GetEndpoint("http")}/realms/{server.Resource.Name}"),
            server,
            resource => server.WithEnvironment($"{Section}{setting}", resource)
        );
}
