using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AspireGateway.ServiceDefaults;

/// <summary>
/// Sends a second copy of all telemetry to the project's own dashboard, where <see cref="EndpointVariable"/> names it; whoever receives the first
/// copy (Aspire's dashboard, a collector) is not disturbed.
/// </summary>
internal static class SecondCopy
{
    /// <summary>Base address of an OTLP receiver over HTTP.</summary>
    public const string EndpointVariable = "FLOW_DASHBOARD_OTLP_ENDPOINT";

    /// <summary>Headers of the requests to it, as <c>OTEL_EXPORTER_OTLP_HEADERS</c> writes them.</summary>
    public const string HeadersVariable = "FLOW_DASHBOARD_OTLP_HEADERS";

    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    public static void AddSecondCopy(this IHostApplicationBuilder builder)
    {
        if (!Uri.TryCreate(builder.Configuration[EndpointVariable], UriKind.Absolute, out var receiver))
        {
            return;
        }

        // Not AddOtlpExporter: it refuses to stand beside UseOtlpExporter, which sends the first copy.
        var headers = builder.Configuration[HeadersVariable];
        var delay = (int)Delay.TotalMilliseconds;
        builder
            .Services.AddOpenTelemetry()
            .WithTracing(tracing =>
                tracing.AddProcessor(_ => new BatchActivityExportProcessor(
                    new OtlpTraceExporter(To("v1/traces")),
                    scheduledDelayMilliseconds: delay
                ))
            )
            .WithMetrics(metrics =>
                metrics.AddReader(_ => new PeriodicExportingMetricReader(
                    new OtlpMetricExporter(To("v1/metrics")),
                    delay
                ))
            );
        builder.Services.ConfigureOpenTelemetryLoggerProvider(logging =>
            logging.AddProcessor(_ => new BatchLogRecordExportProcessor(
                new OtlpLogExporter(To("v1/logs")),
                scheduledDelayMilliseconds: delay
            ))
        );

        OtlpExporterOptions To(string path) =>
            new()
            {
                Endpoint = new Uri(receiver, path),
                Protocol = OtlpExportProtocol.HttpProtobuf,
                Headers = headers ?? "",
            };
    }
}
