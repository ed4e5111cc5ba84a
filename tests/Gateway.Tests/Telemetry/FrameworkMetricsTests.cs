using System.Diagnostics.Metrics;
using AspireGateway.Gateway.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace AspireGateway.Gateway.Tests.Telemetry;

/// <summary>What of the frameworks' metrics costs nothing, because nobody listens to it.</summary>
public sealed class FrameworkMetricsTests
{
    [Theory]
    [InlineData("http.server.request.duration", true)]
    [InlineData("http.client.request.duration", true)]
    [InlineData("kestrel.active_connections", true)]
    [InlineData("http.server.active_requests", false)]
    [InlineData("http.client.active_requests", false)]
    [InlineData("http.client.open_connections", false)]
    [InlineData("aspnetcore.routing.match_attempts", false)]
    [InlineData("aspnetcore.memory_pool.rented", false)]
    public void Durations_and_connections_are_kept_and_what_is_counted_up_and_down_is_not(string name, bool isKept)
    {
        using var meter = new Meter($"{nameof(FrameworkMetricsTests)}.{name}");
        var instrument = meter.CreateCounter<long>(name);
        using var reader = new BaseExportingMetricReader(new Nothing());
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(meter.Name)
            .AddView(FrameworkMetrics.View)
            .AddReader(reader)
            .Build();

        instrument.Enabled.ShouldBe(isKept);
    }

    private sealed class Nothing : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
