namespace AspireGateway.Dashboard.Metrics;

/// <summary>
/// Senders usually say how much there was since they started; this remembers what each said last, and tells what is new. Bounded: series beyond
/// a number are not drawn.
/// </summary>
internal sealed class Accumulation
{
    public const int MaximumSeries = 2_000;

    private readonly Dictionary<string, (ulong Start, double[] Values)> _last = new(StringComparer.Ordinal);

    /// <summary>What was added since the same series was reported last; null where there is no room for another series.</summary>
    /// <param name="series">Who counts what.</param>
    /// <param name="start">When the sender began to count.</param>
    /// <param name="values">What it has counted since.</param>
    public double[]? NewOf(string series, ulong start, double[] values)
    {
        if (!_last.TryGetValue(series, out var last))
        {
            if (_last.Count >= MaximumSeries)
            {
                return null;
            }

            _last[series] = (start, values);
            return values;
        }

        _last[series] = (start, values);
        var began = last.Start != start || last.Values.Length != values.Length || IsLess(values, last.Values);
        return began ? values : [.. values.Zip(last.Values, static (now, before) => now - before)];
    }

    // Nothing that is counted shrinks: the sender has started again.
    private static bool IsLess(double[] now, double[] before) =>
        now.Zip(before, static (one, other) => one < other).Any(static less => less);
}
