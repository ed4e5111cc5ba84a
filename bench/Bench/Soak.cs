using System.Globalization;

namespace AspireGateway.Bench;

/// <summary>Minutes at half of what the machine can do, over both endpoints and with streams, to see whether memory stays.</summary>
internal static class Soak
{
    private const int Connections = 16;
    private const double Tolerance = 1.10;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var minutes = arguments is ["--minutes", var text] ? double.Parse(text, CultureInfo.InvariantCulture) : 10;
        await using var system = await BenchSystem.StartAsync(fillVault: false);
        var gateway = system.Gateway;
        var requests = Requests(system);
        var all = new Way("mixed", gateway.Process, new Uri(gateway.Url), requests);
        await Measurement.RunAsync(all, Connections, seconds: 5);
        var full = await Measurement.RunAsync(all, Connections, seconds: 5);
        var pause = TimeSpan.FromSeconds(2 * Connections / full.Throughput);
        Console.WriteLine($"{full.Throughput:F0} mixed calls/s at full load; half of that for {minutes} minutes");

        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
        var load = Task.WhenAll(
            Enumerable.Range(0, Connections).Select(i => Task.Run(() => CallAsync(all, i, pause, stop.Token)))
        );
        await Task.Delay(TimeSpan.FromMinutes(Math.Min(1, minutes / 2)));
        var early = await LookAsync(gateway.Process, "after the first minute");
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMinutes(1), stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await LookAsync(gateway.Process, "");
        }

        var calls = (await load).Sum();
        var late = await LookAsync(gateway.Process, "at the end");
        var isFlat = late.Heap <= early.Heap * Tolerance && late.WorkingSet <= early.WorkingSet * Tolerance;
        Console.WriteLine(
            $"soak: {calls} calls, heap {early.Heap / 1e6:F1} → {late.Heap / 1e6:F1} MB, working set {early.WorkingSet / 1e6:F0} → {late.WorkingSet / 1e6:F0} MB: {(isFlat ? "flat" : "GROWING")}"
        );
        return isFlat ? 0 : 1;
    }

    private static List<byte[]> Requests(BenchSystem system)
    {
        (string Path, string Prefix)[] routes = [("/mcp/bench", ""), ("/mcp", "bench___")];
        string[] tools = [Calls.Echo, Calls.Echo, Calls.Echo, Calls.Big, Calls.Echo, Calls.Stream];
        return
        [
            .. tools.SelectMany(tool =>
                routes.Select(route =>
                    LoadConnection.Request(
                        new Uri(system.Gateway.Url + route.Path),
                        system.Token("user-1"),
                        Calls.Of(route.Prefix + tool)
                    )
                )
            ),
        ];
    }

    private static async Task<long> CallAsync(Way way, int number, TimeSpan pause, CancellationToken stop)
    {
        using var connection = new LoadConnection(way.Url, way.Requests, number);
        using var timer = new PeriodicTimer(pause);
        long calls = 0;
        while (!stop.IsCancellationRequested)
        {
            await connection.CallAsync();
            calls++;
            try
            {
                await timer.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return calls;
    }

    private static async Task<(long Heap, long WorkingSet)> LookAsync(ProcessProbe process, string when)
    {
        var heap = (await process.AskAsync(ProcessProbe.Collect)).Heap;
        var workingSet = process.WorkingSet;
        Console.WriteLine($"heap {heap / 1e6, 7:F1} MB, working set {workingSet / 1e6, 6:F0} MB  {when}");
        return (heap, workingSet);
    }
}
