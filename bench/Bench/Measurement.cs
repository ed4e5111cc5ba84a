using System.Diagnostics;

namespace AspireGateway.Bench;

/// <summary>What one run showed.</summary>
/// <param name="Throughput">Calls per second.</param>
/// <param name="P50">Median time of a call, milliseconds.</param>
/// <param name="P99">99th percentile, milliseconds.</param>
/// <param name="CpuPerCall">User and system time of the measured process for each call, microseconds.</param>
/// <param name="AllocatedPerCall">Bytes that the measured process allocated for each call.</param>
/// <param name="FirstEvent">Median time from the target's sending of a stream's first event to its arrival, milliseconds; zero where none was sent.</param>
/// <param name="Compiling">Share of the time in which the measured process compiled methods.</param>
internal sealed record Measurement(
    double Throughput,
    double P50,
    double P99,
    double CpuPerCall,
    double AllocatedPerCall,
    double FirstEvent,
    double Compiling
)
{
    /// <summary>Calls a URL over some connections for some time.</summary>
    public static async Task<Measurement> RunAsync(Way way, int connections, double seconds)
    {
        var before = await way.Process.AskAsync(way.Command);
        var cpu = way.Process.ProcessorTime;
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(i => Task.Run(() => CallUntilAsync(way, i * way.Requests.Count / connections, end)))
        );
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var used = way.Process.ProcessorTime - cpu;
        var after = await way.Process.AskAsync();

        var times = results.SelectMany(static result => result.Calls).Order().ToArray();
        var firsts = results.SelectMany(static result => result.FirstEvents).Order().ToArray();
        return new Measurement(
            times.Length / elapsed,
            Milliseconds(times[times.Length / 2]),
            Milliseconds(times[times.Length * 99 / 100]),
            used.TotalMicroseconds / times.Length,
            (after.Allocated - before.Allocated) / (double)times.Length,
            firsts.Length == 0 ? 0 : Milliseconds(firsts[firsts.Length / 2]),
            (after.Compiling - before.Compiling).TotalSeconds / elapsed
        );
    }

    /// <summary>The median of each figure.</summary>
    public static Measurement MedianOf(IReadOnlyCollection<Measurement> runs) =>
        new(
            Median(runs.Select(static run => run.Throughput)),
            Median(runs.Select(static run => run.P50)),
            Median(runs.Select(static run => run.P99)),
            Median(runs.Select(static run => run.CpuPerCall)),
            Median(runs.Select(static run => run.AllocatedPerCall)),
            Median(runs.Select(static run => run.FirstEvent)),
            Median(runs.Select(static run => run.Compiling))
        );

    /// <summary>The median of some values.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static async Task<(List<long> Calls, List<long> FirstEvents)> CallUntilAsync(Way way, int first, long end)
    {
        using var connection = new LoadConnection(way.Url, way.Requests, first);
        var times = new List<long>(100_000);
        var firstEvents = new List<long>();
        for (var now = Stopwatch.GetTimestamp(); now < end; )
        {
            if (await connection.CallAsync() is { } firstEvent)
            {
                firstEvents.Add(firstEvent);
            }

            var after = Stopwatch.GetTimestamp();
            times.Add(after - now);
            now = after;
        }

        return (times, firstEvents);
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}

/// <summary>One way to make the same call.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Process">Process whose processor time and memory count.</param>
/// <param name="Url">Where to send it.</param>
/// <param name="Requests">What to send, in turn.</param>
internal sealed record Way(string Name, ProcessProbe Process, Uri Url, IReadOnlyList<byte[]> Requests)
{
    /// <summary>What the process is told before each run.</summary>
    public byte Command { get; init; } = ProcessProbe.Look;

    /// <summary>A way with one request.</summary>
    public static Way Of(string name, Server server, string path, string? token, string body) =>
        new(
            name,
            server.Process,
            new Uri(server.Url + path),
            [LoadConnection.Request(new Uri(server.Url + path), token, body)]
        );
}
