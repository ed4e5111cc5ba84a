using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace AspireGateway.Gateway.Telemetry;

/// <summary>
/// Which of the frameworks' instruments are kept. Those that count the same request up and down on its way are not: they cost more than
/// the gateway's own, which say the same by target.
/// </summary>
internal static class FrameworkMetrics
{
    private static readonly HashSet<string> LeftOut = new(StringComparer.Ordinal)
    {
        "http.server.active_requests",
        "http.client.active_requests",
        "http.client.open_connections",
    };

    /// <summary>A view for <see cref="MeterProviderBuilder"/>: null where the instrument stays as it is.</summary>
    public static MetricStreamConfiguration? View(Instrument instrument) =>
        LeftOut.Contains(instrument.Name) || instrument.Name.StartsWith("aspnetcore.", StringComparison.Ordinal)
            ? MetricStreamConfiguration.Drop
            : null;
}
