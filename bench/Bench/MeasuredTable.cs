namespace AspireGateway.Bench;

/// <summary>Several ways to make one call, measured in turn and printed as a table.</summary>
/// <param name="title">What is called.</param>
/// <param name="ways">The ways.</param>
internal sealed class MeasuredTable(string title, IReadOnlyList<Way> ways)
{
    private readonly Dictionary<(string Way, int Connections), Measurement> _medians = [];

    /// <summary>The medians of a way.</summary>
    public Measurement this[string way, int connections] => _medians[(way, connections)];

    /// <summary>Makes every request once: every signature is checked, and every grant read, as in a gateway that has run for a while.</summary>
    public async Task WarmAsync()
    {
        foreach (var way in ways)
        {
            await Measurement.RunAsync(way, connections: 4, seconds: 2);
            using var connection = new LoadConnection(way.Url, way.Requests, 0);
            for (var i = 0; i < way.Requests.Count; i++)
            {
                await connection.CallAsync();
            }
        }
    }

    /// <summary>Measures every way in each round, and prints the medians.</summary>
    public async Task MeasureAsync(int connections, int rounds, double seconds)
    {
        var runs = ways.Select(static _ => new List<Measurement>()).ToList();
        for (var round = 0; round < rounds; round++)
        {
            // There and back: what a way leaves to the next, such as pages for the disk, must not fall on the same one each time.
            for (var i = 0; i < ways.Count; i++)
            {
                var way = round % 2 == 0 ? i : ways.Count - 1 - i;
                runs[way].Add(await Measurement.RunAsync(ways[way], connections, seconds));
            }
        }

        Console.WriteLine();
        Console.WriteLine(
            $"{title}, {connections} connection(s)".PadRight(40)
                + "  calls/s   p50 ms   p99 ms   CPU µs/call   bytes/call"
        );
        for (var i = 0; i < ways.Count; i++)
        {
            var median = Measurement.MedianOf(runs[i]);
            _medians[(ways[i].Name, connections)] = median;
            Console.WriteLine(
                $"  {ways[i].Name, -36} {median.Throughput, 10:F0} {median.P50, 8:F3} {median.P99, 8:F3} {median.CpuPerCall, 13:F1} {median.AllocatedPerCall, 12:F0}"
            );
        }
    }
}
