using AspireGateway.Dashboard.Telemetry;

namespace AspireGateway.Dashboard.Pages;

// Public because parameters of components have to be; no other project uses these.

/// <summary>What the overview shows.</summary>
/// <param name="Resources">In the order of the application model, parameters last.</param>
/// <param name="OtherServices">Senders of telemetry that are none of the resources.</param>
public sealed record SystemView(IReadOnlyList<ResourceView> Resources, IReadOnlyList<ServiceTelemetry> OtherServices);

/// <summary>A resource together with what it has sent.</summary>
/// <param name="Snapshot">The resource.</param>
/// <param name="Telemetry">What came from it.</param>
/// <param name="TelemetryWarning">In words, when something should have come and did not.</param>
public sealed record ResourceView(ResourceSnapshot Snapshot, ServiceTelemetry Telemetry, string? TelemetryWarning)
{
    /// <summary>Path of the resource's page.</summary>
    public string Path => "/resources/" + Uri.EscapeDataString(Snapshot.Name);
}
