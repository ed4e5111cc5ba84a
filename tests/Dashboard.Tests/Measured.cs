using AspireGateway.Dashboard.Telemetry.Protos;
using Google.Protobuf;

namespace AspireGateway.Dashboard.Tests;

/// <summary>Metrics as the gateway's SDK sends them.</summary>
internal static class Measured
{
    /// <summary>A counter's points: what was counted since the start, for each value of an attribute.</summary>
    public static Metric Sum(string name, string attribute, params (string Value, double Number)[] points) =>
        new()
        {
            Name = name,
            Sum = new Sum
            {
                AggregationTemporality = AggregationTemporality.Cumulative,
                DataPoints =
                {
                    points.Select(point => new NumberPoint
                    {
                        StartTimeUnixNano = 1,
                        AsDouble = point.Number,
                        Attributes = { Spans.Pair(attribute, point.Value) },
                    }),
                },
            },
        };

    /// <summary>A histogram's point.</summary>
    public static Metric Histogram(string name, double[] bounds, ulong[] counts) =>
        new()
        {
            Name = name,
            Histogram = new Histogram
            {
                AggregationTemporality = AggregationTemporality.Cumulative,
                DataPoints =
                {
                    new HistogramPoint
                    {
                        StartTimeUnixNano = 1,
                        ExplicitBounds = { bounds },
                        BucketCounts = { counts },
                    },
                },
            },
        };

    public static Task SendAsync(RunningDashboard dashboard, string instance, params Metric[] metrics) =>
        Spans.SendAsync(
            dashboard,
            "/v1/metrics",
            new ExportMetricsRequest
            {
                ResourceMetrics =
                {
                    new ResourceMetrics
                    {
                        Resource = new Resource
                        {
                            Attributes =
                            {
                                Spans.Pair("service.name", "gateway"),
                                Spans.Pair("service.instance.id", instance),
                            },
                        },
                        ScopeMetrics = { new ScopeMetrics { Metrics = { metrics } } },
                    },
                },
            }.ToByteArray()
        );
}
