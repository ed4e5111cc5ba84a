using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AspireGateway.AppHost;

internal static class GatewayExtensions
{
    private const string AllowAnonymous = "Gateway:Inbound:AllowAnonymous";
    private const string Replicas = "Replicas";
    private const string Issuers = "Gateway__Inbound__Issuers__";
    private const string ToolScopes = "Gateway__Policies__ToolScopes__";

    /// <summary>Adds the gateway. Its endpoint is the public URL, from which tokens and grants take the resource's name.</summary>
    public static IResourceBuilder<ProjectResource> AddGateway(this IDistributedApplicationBuilder builder, string name)
    {
        var gateway = builder.AddProject<Projects.Gateway>(name);
        if (builder.Configuration.GetValue<bool>(AllowAnonymous))
        {
            Console.WriteLine($"AUTHENTICATION IS OFF: {name} lets everybody in, because {AllowAnonymous} is set.");
            gateway
                .WithEnvironment(AllowAnonymous.Replace(":", "__", StringComparison.Ordinal), "true")
                .WithUrlForEndpoint("http", static url => url.DisplayText = "AUTHENTICATION IS OFF");
        }

        return gateway
            .OverOneDatabase(builder.Configuration.GetValue(Replicas, 1))
            .WithExternalHttpEndpoints()
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", url => url.Url = "/mcp")
            .WithEnvironment("Gateway__PublicUrl", gateway.GetEndpoint("http"))
            .WithEnvironment("Gateway__Audit__Path", Path.Combine(DataFolder.Of(builder, name), "audit"))
            .WithEnvironment("Gateway__Vault__DataPath", DataFolder.Of(builder, name));
    }

    /// <summary>
    /// Accepts the access tokens of this realm, which learns that it issues them for the gateway, and signs its people in at the
    /// gateway's own pages.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithIssuer(
        this IResourceBuilder<ProjectResource> gateway,
        Authority issuer
    )
    {
        issuer.Protects(gateway.GetEndpoint("http"));
        if (issuer.Server is { } server)
        {
            gateway.WaitFor(server);
        }

        return gateway.WithEnvironment(context =>
        {
            var prefix = Next(context, Issuers, "__Name");
            context.EnvironmentVariables[$"{prefix}__Name"] = issuer.Name;
            context.EnvironmentVariables[$"{prefix}__DiscoveryUrl"] = issuer.DiscoveryUrl;
            if (issuer.GatewaySecret is { } secret)
            {
                // Both identity providers know the gateway's own client by its resource identifier.
                context.EnvironmentVariables[$"{prefix}__SignIn__ClientId"] = gateway.McpUrl();
                context.EnvironmentVariables[$"{prefix}__SignIn__ClientSecret"] = secret.Resource;
            }
        });
    }

    /// <summary>Puts an MCP server behind the gateway, under its resource's name.</summary>
    public static IResourceBuilder<ProjectResource> WithTarget(
        this IResourceBuilder<ProjectResource> gateway,
        IResourceBuilder<ProjectResource> target,
        Action<GatewayTarget>? configure = null
    )
    {
        var settings = new GatewayTarget(gateway, $"Gateway__Targets__{target.Resource.Name}__");
        gateway.WaitFor(target).WithReference(target);
        settings.With("Url", target.McpUrl());
        configure?.Invoke(settings);
        return gateway;
    }

    /// <summary>
    /// Lets only those call a tool whose token has this scope too. Everybody may sign in without it: a client that calls the
    /// tool is told what is missing, and asks the person for it then (step-up).
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithToolScope(
        this IResourceBuilder<ProjectResource> gateway,
        IResourceBuilder<ProjectResource> target,
        string tool,
        string scope
    ) =>
        gateway.WithEnvironment(context =>
        {
            var prefix = Next(context, ToolScopes, "__Tool");
            context.EnvironmentVariables[$"{prefix}__Target"] = target.Resource.Name;
            context.EnvironmentVariables[$"{prefix}__Tool"] = tool;
            context.EnvironmentVariables[$"{prefix}__Scopes"] = scope;
        });

    /// <summary>Where MCP clients connect.</summary>
    public static ReferenceExpression McpUrl(this IResourceBuilder<ProjectResource> server) =>
        ReferenceExpression.Create($"{server.GetEndpoint("http")}/mcp");

    /// <summary>
    /// Runs as many processes, which share a PostgreSQL database, behind the one public address. One process keeps what it must
    /// remember in a file.
    /// </summary>
    private static IResourceBuilder<ProjectResource> OverOneDatabase(
        this IResourceBuilder<ProjectResource> gateway,
        int replicas
    )
    {
        if (replicas == 1)
        {
            return gateway;
        }

        var name = gateway.Resource.Name;
        var database = gateway.ApplicationBuilder.AddPostgres("postgres").AddDatabase($"{name}-db", databaseName: name);
        return gateway.WithReplicas(replicas).WithReference(database, connectionName: "gateway").WaitFor(database);
    }

    // The next free place of a list in the configuration; every entry has the member.
    private static string Next(EnvironmentCallbackContext context, string list, string member)
    {
        var index = context.EnvironmentVariables.Keys.Count(name =>
            name.StartsWith(list, StringComparison.Ordinal) && name.EndsWith(member, StringComparison.Ordinal)
        );
        return list + index.ToString(CultureInfo.InvariantCulture);
    }
}
