using AspireGateway.Dashboard.Telemetry.Protos;
using AspireGateway.Dashboard.Traces;

namespace AspireGateway.Dashboard.Metrics;

/// <summary>What the charts need of the metrics that arrive: the newest steps of time, bounded whatever is sent.</summary>
internal sealed class MetricStore
{
    /// <summary>Values of one attribute that are told apart; the rest is one group.</summary>
    public const int MaximumGroups = 7;

    /// <summary>Name of that group.</summary>
    public const string OtherGroups = "(others)";

    // More than any person counts, and far from what breaks a drawing.
    private const double Largest = 1e12;
    private const int MaximumBounds = 200;

    private readonly TimeProvider _time;

    // Guards everything below; held for additions and for making the charts' numbers.
    private readonly Lock _lock = new();
    private readonly Accumulation _accumulation = new();
    private readonly Dictionary<string, ChartData> _charts = ChartDefinition.All.ToDictionary(
        static chart => chart.Metric,
        static chart => new ChartData(chart),
        StringComparer.Ordinal
    );
    private long _version;

    public MetricStore(TimeProvider time) => _time = time;

    /// <summary>Grows with everything that changes a chart.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The charts as they are now.</summary>
    public IReadOnlyList<MetricChart> Charts
    {
        get
        {
            var now = TimeSteps<Buckets>.NumberOf(_time.GetUtcNow());
            lock (_lock)
            {
                return [.. ChartDefinition.All.Select(chart => _charts[chart.Metric].Draw(now))];
            }
        }
    }

    /// <summary>Adds what one process has sent about one metric.</summary>
    public void Add(string process, Metric metric)
    {
        if (!_charts.TryGetValue(metric.Name, out var chart))
        {
            return;
        }

        lock (_lock)
        {
            switch (metric.DataCase)
            {
                case Metric.DataOneofCase.Sum when chart.Definition.GroupBy is not null:
                    foreach (var point in metric.Sum.DataPoints)
                    {
                        Add(chart, process, point, metric.Sum.AggregationTemporality);
                    }
                    break;
                case Metric.DataOneofCase.Histogram when chart.Definition.GroupBy is null:
                    foreach (var point in metric.Histogram.DataPoints)
                    {
                        Add(chart, process, point, metric.Histogram.AggregationTemporality);
                    }
                    break;
                default:
                    return;
            }
        }
        Interlocked.Increment(ref _version);
    }

    private void Add(ChartData chart, string process, NumberPoint point, AggregationTemporality temporality)
    {
        var value =
            point.ValueCase is NumberPoint.ValueOneofCase.AsInt ? point.AsInt
            : point.ValueCase is NumberPoint.ValueOneofCase.AsDouble ? point.AsDouble
            : double.NaN;
        if (value is not (>= 0 and <= Largest))
        {
            return;
        }

        var added =
            temporality is AggregationTemporality.Delta
                ? [value]
                : _accumulation.NewOf(Series(chart, process, point.Attributes), point.StartTimeUnixNano, [value]);
        if (added is [> 0])
        {
            chart.Count(Now, OtlpReader.Text(GroupOf(chart, point)), added[0]);
        }
    }

    private void Add(ChartData chart, string process, HistogramPoint point, AggregationTemporality temporality)
    {
        if (!IsSound(point))
        {
            return;
        }

        double[] counts = [.. point.BucketCounts.Select(static count => Math.Min(count, Largest))];
        var added =
            temporality is AggregationTemporality.Delta
                ? counts
                : _accumulation.NewOf(Series(chart, process, point.Attributes), point.StartTimeUnixNano, counts);
        if (added is not null)
        {
            chart.Measure(Now, [.. point.ExplicitBounds], added);
        }
    }

    private long Now => TimeSteps<Buckets>.NumberOf(_time.GetUtcNow());

    private static bool IsSound(HistogramPoint point) =>
        point.ExplicitBounds.Count is > 0 and <= MaximumBounds
        && point.BucketCounts.Count == point.ExplicitBounds.Count + 1
        && point.ExplicitBounds[0] > 0
        && point.ExplicitBounds.All(double.IsFinite)
        && point.ExplicitBounds.Zip(point.ExplicitBounds.Skip(1)).All(static pair => pair.First < pair.Second);

    private static AnyValue? GroupOf(ChartData chart, NumberPoint point) =>
        point.Attributes.FirstOrDefault(attribute => attribute.Key == chart.Definition.GroupBy)?.Value;

    private static string Series(ChartData chart, string process, IReadOnlyList<KeyValue> attributes) =>
        string.Join(
            '\n',
            attributes
                .Take(OtlpReader.MaximumAttributes)
                .Select(static attribute => $"{Cut(attribute.Key)}={OtlpReader.Text(attribute.Value)}")
                .Order(StringComparer.Ordinal)
                .Prepend(process)
                .Prepend(chart.Definition.Metric)
        );

    private static string Cut(string name) =>
        name.Length > OtlpReader.MaximumNameLength ? name[..OtlpReader.MaximumNameLength] : name;
}
