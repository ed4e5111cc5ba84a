namespace AspireGateway.LocalHosting.Engine;

/// <summary>What the application model says about one resource.</summary>
internal sealed class ResourceDefinition
{
    public List<EndpointDefinition> Endpoints { get; } = [];

    public List<Func<EnvironmentCallbackContext, Task>> Environment { get; } = [];

    public List<Action<CommandLineArgsCallbackContext>> Arguments { get; } = [];

    public List<WaitDefinition> Waits { get; } = [];

    public List<HealthCheckDefinition> HealthChecks { get; } = [];

    public List<(string Endpoint, Action<ResourceUrlAnnotation> Change)> UrlCallbacks { get; } = [];

    public List<Func<CancellationToken, Task>> ReadyCallbacks { get; } = [];

    public List<Func<IReadOnlyList<string>, string?>> FailureHints { get; } = [];

    public bool SendsTelemetry { get; set; }

    public LaunchProfile? LaunchProfile { get; set; }

    public bool ExplicitStart { get; set; }

    public int Replicas { get; set; } = 1;

    /// <summary>The processes that stand behind this resource, which then is their front door.</summary>
    public List<ProjectResource> FrontOf { get; } = [];

    /// <summary>The resource that this is one process of.</summary>
    public Resource? ReplicaOf { get; set; }

    /// <summary>A temporary folder that goes with the system.</summary>
    public string? Folder { get; set; }

    public static ResourceDefinition Of(IResource resource) => ((Resource)resource).Definition;

    public EndpointDefinition? FindEndpoint(string name) =>
        Endpoints.Find(endpoint => string.Equals(endpoint.Name, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>An endpoint; its port becomes known when the system starts.</summary>
internal sealed class EndpointDefinition(string name, string scheme)
{
    public string Name { get; } = name;

    public string Scheme { get; } = scheme;

    public string Host { get; } = "localhost";

    public int? Port { get; set; }

    public string? PortVariable { get; init; }

    public bool IsExternal { get; set; }

    public int? AllocatedPort { get; set; }
}

/// <summary>Another resource that must be healthy, or have ended with an exit code.</summary>
internal sealed record WaitDefinition(IResource Resource, int? ExitCode);
