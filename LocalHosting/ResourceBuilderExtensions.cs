using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.LocalHosting;

/// <summary>What can be said about a resource: endpoints, order, health, addresses to show.</summary>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Refers to an endpoint; it may be added later.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>Adds an HTTP endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">Port at which others reach it; a free one when null.</param>
    /// <param name="targetPort">Port on which the process listens. Nothing stands in front here: the same, or null.</param>
    /// <param name="name">Name of the endpoint, by default <c>http</c>.</param>
    /// <param name="env">Environment variable that tells the process its port.</param>
    /// <param name="isProxied">Has no meaning here.</param>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null
    )
        where T : IResourceWithEndpoints
    {
        var definition = builder.Define();
        name ??= "http";
        if (definition.FindEndpoint(name) is not null)
        {
            throw new DistributedApplicationException($"'{builder.Resource.Name}' already has an endpoint '{name}'.");
        }

        definition.Endpoints.Add(
            new EndpointDefinition(name, "http") { Port = targetPort ?? port, PortVariable = env }
        );
        return builder;
    }

    /// <summary>Marks the HTTP endpoints as reachable from outside; on one machine that changes nothing.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        builder.Define().Endpoints.ForEach(static endpoint => endpoint.IsExternal = true);
        return builder;
    }

    /// <summary>The resource is healthy while this path answers with this status.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Path, by default <c>/</c>.</param>
    /// <param name="statusCode">Status, by default 200.</param>
    /// <param name="endpointName">Endpoint, by default the first HTTP endpoint.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        string? endpointName = null
    )
        where T : IResourceWithEndpoints
    {
        var definition = builder.Define();
        endpointName ??= definition.Endpoints.FirstOrDefault()?.Name;
        if (endpointName is null)
        {
            throw new DistributedApplicationException(
                $"'{builder.Resource.Name}' has no endpoint to check: give its launch profile an applicationUrl, or call WithHttpEndpoint first."
            );
        }

        var endpoint = new EndpointReference(builder.Resource, endpointName);
        definition.HealthChecks.Add(new HttpHealthCheck(endpoint, path ?? "/", statusCode ?? 200));
        return builder;
    }

    /// <summary>Starts only when the other one runs and is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency
    )
        where T : IResourceWithWaitSupport
    {
        // A server is healthy when it has its databases.
        var resource = dependency.Resource is PostgresDatabaseResource database ? database.Server : dependency.Resource;
        builder.Define().Waits.Add(new WaitDefinition(resource, ExitCode: null));
        return builder;
    }

    /// <summary>Starts only when the other one has ended with this exit code.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency,
        int exitCode = 0
    )
        where T : IResourceWithWaitSupport
    {
        builder.Define().Waits.Add(new WaitDefinition(dependency.Resource, exitCode));
        return builder;
    }

    /// <summary>Is not started with the others.</summary>
    public static IResourceBuilder<T> WithExplicitStart<T>(this IResourceBuilder<T> builder)
        where T : IResource
    {
        builder.Define().ExplicitStart = true;
        return builder;
    }

    /// <summary>Changes how the address of an endpoint is shown.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder,
        string endpointName,
        Action<ResourceUrlAnnotation> callback
    )
        where T : IResource
    {
        builder.Define().UrlCallbacks.Add((endpointName, callback));
        return builder;
    }

    internal static ResourceDefinition Define<T>(this IResourceBuilder<T> builder)
        where T : IResource => ResourceDefinition.Of(builder.Resource);
}
