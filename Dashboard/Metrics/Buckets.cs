namespace AspireGateway.Dashboard.Metrics;

/// <summary>A histogram of durations in seconds: how many lie between each two bounds.</summary>
internal sealed class Buckets(double[] bounds)
{
    private readonly double[] _counts = new double[bounds.Length + 1];

    /// <summary>How many there are.</summary>
    public double Total => _counts.Sum();

    /// <summary>Adds as many as a sender counted.</summary>
    public void Add(IReadOnlyList<double> counts)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += counts[i];
        }
    }

    /// <summary>The duration below which a share of them lies, as far as the bounds tell; null when there are none.</summary>
    public double? Percentile(double share)
    {
        var wanted = Total * share;
        if (wanted <= 0)
        {
            return null;
        }

        var passed = 0d;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (_counts[i] > 0 && passed + _counts[i] >= wanted)
            {
                var from = i == 0 ? 0 : bounds[i - 1];
                return from + (bounds[i] - from) * (wanted - passed) / _counts[i];
            }

            passed += _counts[i];
        }

        // Beyond the last bound; nobody knows how far.
        return bounds[^1];
    }
}
