namespace AspireGateway.Dashboard.Metrics;

/// <summary>A chart at one moment.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Title">Heading.</param>
/// <param name="Meaning">What the numbers say.</param>
/// <param name="IsTime">Whether they are seconds, drawn as lines; else numbers, drawn as bars upon each other.</param>
public sealed record MetricChart(string Metric, string Title, string Meaning, bool IsTime)
{
    /// <summary>What is drawn; empty while nothing has come.</summary>
    public IReadOnlyList<MetricSeries> Series { get; init; } = [];

    /// <summary>The largest value that is drawn.</summary>
    public double Top
    {
        get
        {
            var steps = Enumerable.Range(0, Series.Count == 0 ? 0 : Series[0].Values.Count);
            return steps
                .Select(step =>
                    IsTime ? Series.Max(one => one.Values[step] ?? 0) : Series.Sum(one => one.Values[step] ?? 0)
                )
                .DefaultIfEmpty(0)
                .Max();
        }
    }
}

/// <summary>One line, or one colour of the bars.</summary>
/// <param name="Name">Value of the attribute, or which percentile.</param>
/// <param name="Values">One for each step of time, oldest first; null where nothing happened.</param>
public sealed record MetricSeries(string Name, IReadOnlyList<double?> Values)
{
    /// <summary>All together.</summary>
    public double Total => Values.Sum() ?? 0;

    /// <summary>The newest there is.</summary>
    public double? Newest => Values.LastOrDefault(static value => value is not null);
}
