using System.Diagnostics;
using System.Diagnostics.Metrics;
using AngleSharp.Dom;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AspireGateway.Dashboard.Tests;

/// <summary>What the exporter of OpenTelemetry's own SDK sends is counted and shown.</summary>
public sealed class TelemetryTests
{
    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Spans_metric_points_and_log_records_are_counted_per_resource(OtlpExportProtocol protocol)
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(Samples.Healthy("weather", Samples.SendsTelemetry));
        dashboard.Feed.Set(
            Samples.Healthy(
                "corp",
                Samples.SendsTelemetry,
                new EnvironmentEntry("OTEL_SERVICE_NAME", "identity", IsSecret: false)
            )
        );

        Send(dashboard, protocol, "weather", spans: 3, counters: 2, logs: 1);
        Send(dashboard, protocol, "identity", spans: 1, counters: 1, logs: 2);
        Send(dashboard, protocol, "browser", spans: 7, counters: 1, logs: 1);

        var page = await dashboard.GetPageAsync("/");
        Counts(page, "weather").ShouldBe(["3 spans", "4 points", "1 log"]);
        Counts(page, "corp").ShouldBe(["1 span", "3 points", "2 logs"]);
        page.QuerySelectorAll(".others tbody tr")
            .ShouldHaveSingleItem()
            .Children.Select(static cell => cell.TextContent)
            .ShouldBe(["browser", "7", "3", "1"]);

        var weather = await dashboard.GetPageAsync("/resources/weather");
        weather.QuerySelectorAll(".tiles strong").Select(static tile => tile.TextContent).ShouldBe(["3", "4", "1"]);
    }

    [Fact]
    public async Task A_wrong_API_key_is_refused_and_nothing_is_counted()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();

        foreach (var protocol in new[] { OtlpExportProtocol.Grpc, OtlpExportProtocol.HttpProtobuf })
        {
            Send(dashboard, protocol, "intruder", spans: 1, counters: 1, logs: 1, apiKey: "wrong-api-key");
            Send(dashboard, protocol, "intruder", spans: 1, counters: 1, logs: 1, apiKey: null);
        }
        Send(dashboard, OtlpExportProtocol.Grpc, "weather", spans: 1, counters: 1, logs: 1);

        var page = await dashboard.GetPageAsync("/");
        page.QuerySelectorAll(".others tbody th").ShouldHaveSingleItem().TextContent.ShouldBe("weather");
    }

    [Fact]
    public async Task A_running_resource_that_sends_nothing_is_pointed_out_after_some_seconds()
    {
        var time = new FakeTimeProvider(Samples.Noon + TimeSpan.FromSeconds(9));
        await using var dashboard = await RunningDashboard.StartSignedInAsync(time: time);
        dashboard.Feed.Set(Samples.Healthy("weather", Samples.SendsTelemetry));
        dashboard.Feed.Set(Samples.Healthy("program"));
        dashboard.Feed.Set(Samples.Exited("notes", 1, "It ended."));
        dashboard.Feed.Set(Samples.Healthy("demo-password") with { Type = "Parameter" });
        (await dashboard.GetPageAsync("/")).QuerySelectorAll(".warning").ShouldBeEmpty();

        time.Advance(TimeSpan.FromSeconds(2));

        var silent = await dashboard.GetPageAsync("/");
        silent.QuerySelectorAll(".warning").Length.ShouldBe(2);
        Warning(silent, "weather").ShouldContain("AddServiceDefaults");
        Warning(silent, "program").ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT is not set");
        (await dashboard.GetPageAsync("/resources/weather"))
            .QuerySelector(".notice.warn")!
            .TextContent.ShouldContain("No telemetry");

        Send(dashboard, OtlpExportProtocol.Grpc, "weather", spans: 1, counters: 0, logs: 0);

        var speaking = await dashboard.GetPageAsync("/");
        speaking.QuerySelectorAll(".warning").ShouldHaveSingleItem();
        Counts(speaking, "weather")[0].ShouldBe("1 span");
        (await dashboard.GetPageAsync("/resources/weather")).QuerySelectorAll(".notice.warn").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_came_before_a_restart_does_not_hide_silence_after_it()
    {
        var time = new FakeTimeProvider(Samples.Noon);
        await using var dashboard = await RunningDashboard.StartSignedInAsync(time: time);
        Send(dashboard, OtlpExportProtocol.Grpc, "weather", spans: 1, counters: 0, logs: 0);
        var restarted = Samples.Noon + TimeSpan.FromMinutes(1);
        dashboard.Feed.Set(Samples.Healthy("weather", Samples.SendsTelemetry) with { StartedAt = restarted });

        time.SetUtcNow(restarted + TimeSpan.FromSeconds(30));

        (await dashboard.GetPageAsync("/")).QuerySelectorAll(".warning").ShouldHaveSingleItem();
    }

    private static string[] Counts(IDocument page, string resource) =>
        [
            .. PagesTests
                .Cell(PagesTests.Row(page, resource), "Telemetry")
                .QuerySelectorAll(".counts span")
                .Select(static count => count.TextContent),
        ];

    private static string Warning(IDocument page, string resource) =>
        PagesTests
            .Cell(PagesTests.Row(page, resource), "Telemetry")
            .QuerySelector(".warning")!
            .GetAttribute("title")
            .ShouldNotBeNull();

    /// <summary>Each provider flushes when it is disposed, so that all has arrived at the end.</summary>
    private static void Send(
        RunningDashboard dashboard,
        OtlpExportProtocol protocol,
        string service,
        int spans,
        int counters,
        int logs,
        string? apiKey = RunningDashboard.OtlpApiKey
    )
    {
        var resource = ResourceBuilder.CreateEmpty().AddService(service);
        using var source = new ActivitySource($"tests.{Guid.NewGuid()}");
        using var meter = new Meter($"tests.{Guid.NewGuid()}");
        using (
            Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(source.Name)
                .AddOtlpExporter(exporter => Configure(exporter, "v1/traces"))
                .Build()
        )
        {
            for (var i = 0; i < spans; i++)
            {
                source.StartActivity($"span {i}")!.Dispose();
            }
        }

        using (
            Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(meter.Name)
                .AddOtlpExporter(exporter => Configure(exporter, "v1/metrics"))
                .Build()
        )
        {
            for (var i = 0; i < counters; i++)
            {
                meter.CreateCounter<long>($"counter{i}").Add(1);
            }
            if (counters > 0)
            {
                meter.CreateHistogram<double>("histogram").Record(1.5);
                meter.CreateObservableGauge("gauge", static () => 1);
            }
        }

        using var loggers = LoggerFactory.Create(logging =>
            logging.AddOpenTelemetry(telemetry =>
                telemetry.SetResourceBuilder(resource).AddOtlpExporter(exporter => Configure(exporter, "v1/logs"))
            )
        );
        var logger = loggers.CreateLogger("tests");
        for (var i = 0; i < logs; i++)
        {
#pragma warning disable CA1848 // Three lines in a test need no generated logger.
            logger.LogInformation("record {Number}", i);
#pragma warning restore CA1848
        }

        void Configure(OtlpExporterOptions exporter, string path)
        {
            exporter.Protocol = protocol;
            exporter.Endpoint =
                protocol == OtlpExportProtocol.Grpc ? dashboard.OtlpGrpcUrl : new Uri(dashboard.OtlpHttpUrl, path);
            exporter.Headers = apiKey is null ? "" : $"x-otlp-api-key={apiKey}";
            exporter.ExportProcessorType = ExportProcessorType.Simple;
        }
    }
}
