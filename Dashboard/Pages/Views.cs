using AspireGateway.Dashboard.Telemetry;

namespace AspireGateway.Dashboard.Pages;

/// <summary>Puts together what the engine says about a resource and what the resource itself has sent.</summary>
internal sealed class Views(IResourceFeed feed, TelemetryStore telemetry, TimeProvider time)
{
    /// <summary>Exporters send within a second or two in development; after this long silence means something.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Kind of a resource that is a value only: nothing of it runs.</summary>
    internal const string Parameter = "Parameter";

    public SystemView System()
    {
        var resources = feed.Resources.OrderBy(static one => one.Type == Parameter).Select(View).ToArray();
        var known = resources.Select(static view => view.Telemetry.Service).ToHashSet(StringComparer.Ordinal);
        return new SystemView(resources, [.. telemetry.All.Where(service => !known.Contains(service.Service))]);
    }

    /// <summary>The resource that a path names; null when there is no such one.</summary>
    public ResourceView? Find(string segment)
    {
        // A slash stays encoded in what routing gives us.
        var decoded = segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var found = feed.Resources.FirstOrDefault(resource => resource.Name == segment || resource.Name == decoded);
        return found is null ? null : View(found);
    }

    private ResourceView View(ResourceSnapshot resource)
    {
        var received = telemetry.Get(Variable(resource, "OTEL_SERVICE_NAME") ?? resource.Name);
        return new ResourceView(resource, received, Warning(resource, received));
    }

    private string? Warning(ResourceSnapshot resource, ServiceTelemetry received)
    {
        var runs = resource.State is ResourceState.Running or ResourceState.Healthy or ResourceState.Unhealthy;
        if (!runs || resource.Type == Parameter || resource.StartedAt is not { } started)
        {
            return null;
        }

        if (time.GetUtcNow() - started < Grace || received.LastReceived >= started)
        {
            return null;
        }

        return Variable(resource, "OTEL_EXPORTER_OTLP_ENDPOINT") is null
            ? "No telemetry: OTEL_EXPORTER_OTLP_ENDPOINT is not set for this resource."
            : "No telemetry since it started. Does the program call AddServiceDefaults()?";
    }

    private static string? Variable(ResourceSnapshot resource, string name) =>
        resource.Environment.FirstOrDefault(entry => entry.Name == name)?.Value;
}
