namespace AspireGateway.Bench;

/// <summary>Several ways to make one call, measured in turn and printed as a table.</summary>
/// <param name="title">What is called.</param>
internal sealed class MeasuredTable(string title)
{
    // A gateway compiles its busy methods anew for its first quarter of a minute, which takes half a core.
    private const double LeastCompiling = 0.02;
    private const int MostWarmUps = 30;

    // Of each run, before what is measured: a process that others kept from the processor has to come to itself.
    private const double LeadIn = 0.3;

    private readonly OrderedDictionary<(string Way, int Connections), List<Measurement>> _runs = [];

    /// <summary>The medians of a way.</summary>
    public Measurement this[string way, int connections] => Measurement.MedianOf(_runs[(way, connections)]);

    /// <summary>
    /// How one way compares with another: the median of what each round says of it. What slows the machine down for a while slows both
    /// down, so that this is steadier than the ratio of their medians.
    /// </summary>
    /// <param name="way">The way.</param>
    /// <param name="over">What it is compared with.</param>
    /// <param name="connections">Number of connections.</param>
    /// <param name="figure">What to compare.</param>
    /// <param name="rounds">Which rounds count; all by default.</param>
    public double Ratio(
        string way,
        string over,
        int connections,
        Func<Measurement, double> figure,
        Range? rounds = null
    ) =>
        Measurement.Median(
            _runs[(way, connections)]
                .Zip(_runs[(over, connections)], (one, other) => figure(one) / figure(other))
                .Take(rounds ?? Range.All)
        );

    /// <summary>
    /// Calls until each process has compiled what it needs, and makes every request once: every signature is checked, and every grant
    /// read, as in a gateway that has run for a while.
    /// </summary>
    public static async Task WarmAsync(IReadOnlyList<Way> ways)
    {
        foreach (var way in ways)
        {
            for (var i = 0; i < MostWarmUps; i++)
            {
                if ((await Measurement.RunAsync(way, connections: 16, seconds: 2)).Compiling < LeastCompiling)
                {
                    break;
                }
            }

            using var connection = new LoadConnection(way.Url, way.Requests, 0);
            for (var i = 0; i < way.Requests.Count; i++)
            {
                await connection.CallAsync();
            }
        }
    }

    /// <summary>Measures every way in each round. It may be called again, for other processes behind the same ways.</summary>
    public async Task MeasureAsync(IReadOnlyList<Way> ways, int connections, int rounds, double seconds)
    {
        for (var round = 0; round < rounds; round++)
        {
            // There and back: what a way leaves to the next, such as pages for the disk, must not fall on the same one each time.
            foreach (var way in round % 2 == 0 ? ways : ways.Reverse())
            {
                await Measurement.RunAsync(way, connections, LeadIn);
                var run = await Measurement.RunAsync(way, connections, seconds);
                RunsOf(way.Name, connections).Add(run);
            }
        }
    }

    /// <summary>Prints the medians.</summary>
    public void Print(int connections)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"{title}, {connections} connection(s)".PadRight(40)
                + "  calls/s   p50 ms   p99 ms   CPU µs/call   bytes/call"
        );
        foreach (var (name, _) in _runs.Keys.Where(key => key.Connections == connections))
        {
            var median = this[name, connections];
            Console.WriteLine(
                $"  {name, -36} {median.Throughput, 10:F0} {median.P50, 8:F3} {median.P99, 8:F3} {median.CpuPerCall, 13:F1} {median.AllocatedPerCall, 12:F0}"
            );
        }
    }

    private List<Measurement> RunsOf(string way, int connections)
    {
        if (!_runs.TryGetValue((way, connections), out var runs))
        {
            runs = [];
            _runs.Add((way, connections), runs);
        }

        return runs;
    }
}
