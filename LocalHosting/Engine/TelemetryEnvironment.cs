using System.Security.Cryptography;
using AspireGateway.Dashboard;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>Tells projects where to send traces, metrics and logs, with the variables and short delays that Aspire uses.</summary>
internal sealed class TelemetryEnvironment
{
    private const string Delay = "1000";

    /// <summary>Set once the dashboard listens; nothing is told without one.</summary>
    public DashboardHost? Dashboard { get; set; }

    public required string ApiKey { get; init; }

    public void AddTo(Dictionary<string, object> variables, string resource)
    {
        if (Dashboard is null)
        {
            return;
        }

        // For links; who follows one has to have signed in.
        variables["FLOW_DASHBOARD_URL"] = Dashboard.PageUrl.GetLeftPart(UriPartial.Authority);
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = Dashboard.OtlpGrpcUrl.GetLeftPart(UriPartial.Authority);
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={ApiKey}";
        variables["OTEL_SERVICE_NAME"] = resource;
        variables["OTEL_RESOURCE_ATTRIBUTES"] =
            $"service.instance.id={RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = Delay;
        variables["OTEL_BSP_SCHEDULE_DELAY"] = Delay;
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = Delay;
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
    }
}
