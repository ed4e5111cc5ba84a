namespace AspireGateway.Dashboard.Telemetry;

/// <summary>How much one service has sent.</summary>
/// <param name="Service">Its <c>service.name</c>.</param>
/// <param name="Spans">Spans received.</param>
/// <param name="MetricPoints">Metric data points received.</param>
/// <param name="LogRecords">Log records received.</param>
/// <param name="LastReceived">When the newest of them came; null when nothing came.</param>
public sealed record ServiceTelemetry(
    string Service,
    long Spans,
    long MetricPoints,
    long LogRecords,
    DateTimeOffset? LastReceived
)
{
    /// <summary>Nothing has come yet.</summary>
    public static ServiceTelemetry None(string service) => new(service, 0, 0, 0, null);
}
