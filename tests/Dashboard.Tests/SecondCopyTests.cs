using System.Diagnostics;
using System.Diagnostics.Metrics;
using AspireGateway.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Dashboard.Tests;

/// <summary>A process sends its telemetry to two places: Aspire's dashboard, or a collector, and the dashboard that draws flows.</summary>
public sealed class SecondCopyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Spans_metrics_and_log_records_arrive_twice_where_a_second_place_is_named(bool named)
    {
        await using var first = await RunningDashboard.StartSignedInAsync();
        await using var second = await RunningDashboard.StartSignedInAsync();
        var name = $"tests.{Guid.NewGuid():N}";

        await RunAsync(name, first, named ? second : null);

        (await HasAllAsync(first)).ShouldBe((true, true, true));
        (await HasAllAsync(second)).ShouldBe((named, named, named));
    }

    // The providers flush when the host is disposed.
    private static async Task RunAsync(string name, RunningDashboard first, RunningDashboard? second)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([
            new("OTEL_SERVICE_NAME", "sender"),
            new("OTEL_EXPORTER_OTLP_ENDPOINT", first.OtlpGrpcUrl.AbsoluteUri),
            new("OTEL_EXPORTER_OTLP_HEADERS", $"x-otlp-api-key={RunningDashboard.OtlpApiKey}"),
            new("FLOW_DASHBOARD_OTLP_ENDPOINT", second?.OtlpHttpUrl.AbsoluteUri),
            new("FLOW_DASHBOARD_OTLP_HEADERS", $"x-otlp-api-key={RunningDashboard.OtlpApiKey}"),
        ]);
        builder.AddServiceDefaults(name);
        using var host = builder.Build();
        await host.StartAsync(Cancellation);

        using var source = new ActivitySource(name);
        source.StartActivity("a span")!.Dispose();
        using var meter = new Meter(name);
        meter.CreateCounter<long>("a.counter").Add(1);
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(name);
#pragma warning disable CA1848 // One line in a test needs no generated logger.
        logger.LogWarning("A record");
#pragma warning restore CA1848
        await host.StopAsync(Cancellation);
    }

    private static async Task<(bool Span, bool Points, bool Record)> HasAllAsync(RunningDashboard dashboard) =>
        (
            (await dashboard.GetHtmlAsync("/traces")).Contains("a span", StringComparison.Ordinal),
            (await dashboard.GetHtmlAsync("/")).Contains(" points", StringComparison.Ordinal),
            (await dashboard.GetHtmlAsync("/logs")).Contains("A record", StringComparison.Ordinal)
        );
}
