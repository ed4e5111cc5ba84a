namespace AspireGateway.Dashboard;

internal static partial class Log
{
    [LoggerMessage(
        LogLevel.Information,
        "Dashboard: {PageUrl} (OTLP over gRPC: {OtlpGrpcUrl}, over HTTP: {OtlpHttpUrl})"
    )]
    public static partial void Started(ILogger logger, Uri pageUrl, Uri otlpGrpcUrl, Uri otlpHttpUrl);

    [LoggerMessage(LogLevel.Critical, "The dashboard does not start:\n{Errors}")]
    public static partial void ConfigurationRefused(ILogger logger, string errors);

    [LoggerMessage(
        LogLevel.Warning,
        "Telemetry for {Path} was refused: x-otlp-api-key is missing or wrong. Give the sender the OTEL_EXPORTER_OTLP_HEADERS that the engine sets."
    )]
    public static partial void TelemetryRefused(ILogger logger, string path);
}
