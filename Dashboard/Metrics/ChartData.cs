namespace AspireGateway.Dashboard.Metrics;

/// <summary>The numbers of one chart.</summary>
internal sealed class ChartData(ChartDefinition definition)
{
    private readonly Dictionary<string, TimeSteps<Counted>> _groups = new(StringComparer.Ordinal);
    private double[]? _bounds;
    private TimeSteps<Buckets>? _durations;

    public ChartDefinition Definition => definition;

    /// <summary>Adds to one group.</summary>
    public void Count(long step, string group, double number)
    {
        if (!_groups.ContainsKey(group) && _groups.Count >= MetricStore.MaximumGroups)
        {
            group = MetricStore.OtherGroups;
        }

        if (!_groups.TryGetValue(group, out var steps))
        {
            steps = _groups[group] = new(static () => new Counted());
        }

        steps.At(step).Number += number;
    }

    /// <summary>Adds durations. Whoever comes first says where the bounds are; those with others are not drawn.</summary>
    public void Measure(long step, double[] bounds, double[] counts)
    {
        _bounds ??= bounds;
        if (_bounds.SequenceEqual(bounds))
        {
            _durations ??= new(() => new Buckets(_bounds));
            _durations.At(step).Add(counts);
        }
    }

    public MetricChart Draw(long now) =>
        new(definition.Metric, definition.Title, definition.Meaning, definition.GroupBy is null)
        {
            Series = definition.GroupBy is null ? Percentiles(now) : Groups(now),
        };

    private MetricSeries[] Groups(long now) =>
        [
            .. _groups
                .OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(group => new MetricSeries(
                    group.Key,
                    [.. group.Value.Until(now).Select(static step => step?.Number)]
                )),
        ];

    private MetricSeries[] Percentiles(long now) =>
        _durations?.Until(now) is { } steps && steps.Any(static step => step?.Total > 0)
            ?
            [
                new("half", [.. steps.Select(static step => step?.Percentile(0.5))]),
                new("95 of 100", [.. steps.Select(static step => step?.Percentile(0.95))]),
            ]
            : [];

    private sealed class Counted
    {
        public double Number { get; set; }
    }
}
