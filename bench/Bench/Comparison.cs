namespace AspireGateway.Bench;

/// <summary>The same call directly, through a bare proxy, and through both endpoints of the gateway; alternating, in one run.</summary>
internal static class Comparison
{
    private const string Direct = "target directly";
    private const string Proxy = "bare proxy";
    private const string PerTarget = "/mcp/{target}";
    private const string Aggregate = "/mcp";
    private const string FewPersons = "vault, 10 users";
    private const string ManyPersons = "vault, 10k users";

    public static async Task<int> RunAsync(BenchOptions options)
    {
        await using var system = await BenchSystem.StartAsync();
        var ways = Ways(system);
        foreach (var way in ways)
        {
            await Measurement.RunAsync(way, connections: 4, seconds: 2);
        }

        await WarmAsync(ways.Last());

        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, {options.Rounds} rounds of {options.Seconds} s, medians"
        );
        var medians = new Dictionary<(string Way, int Connections), Measurement>();
        foreach (var connections in options.Connections)
        {
            var runs = ways.ToDictionary(
                static way => way.Name,
                static _ => new List<Measurement>(),
                StringComparer.Ordinal
            );
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var way in ways)
                {
                    runs[way.Name].Add(await Measurement.RunAsync(way, connections, options.Seconds));
                }
            }

            Print(connections, runs, medians);
        }

        PrintSummary(options, medians);
        return 0;
    }

    // Every signature is checked once, and every grant read once, as in a gateway that has run for a while.
    private static async Task WarmAsync(Way way)
    {
        using var connection = new LoadConnection(way.Url, way.Requests, 0);
        for (var i = 0; i < way.Requests.Count; i++)
        {
            await connection.CallAsync();
        }
    }

    private static Way[] Ways(BenchSystem system)
    {
        var token = system.Token("user-1");
        return
        [
            Way.Of(Direct, system.Target, system.TargetUrl + "/mcp", null, Call("echo")),
            Way.Of(Proxy, system.Proxy, system.ProxyUrl + "/mcp", null, Call("echo")),
            Way.Of(PerTarget, system.Gateway, system.GatewayUrl + "/mcp/bench", token, Call("echo")),
            Way.Of(Aggregate, system.Gateway, system.GatewayUrl + "/mcp", token, Call("bench___echo")),
            Vault(system, FewPersons, BenchSystem.FewUsers),
            Vault(system, ManyPersons, BenchSystem.ManyUsers),
        ];
    }

    // Every person at every target, each with a token of their own from the vault.
    private static Way Vault(BenchSystem system, string name, int users) =>
        new(
            name,
            system.Gateway,
            new Uri(system.GatewayUrl),
            [
                .. Enumerable
                    .Range(0, users)
                    .SelectMany(user =>
                        BenchSystem.PersonalTargets.Select(target =>
                            LoadConnection.Request(
                                new Uri($"{system.GatewayUrl}/mcp/{target}"),
                                system.Token(BenchSystem.UserOf(user)),
                                Call("echo")
                            )
                        )
                    ),
            ]
        );

    private static string Call(string tool) =>
        $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{{\"name\":\"{tool}\",\"arguments\":{{\"city\":\"Lisbon\",\"days\":3}}}}}}";

    private static void Print(
        int connections,
        Dictionary<string, List<Measurement>> runs,
        Dictionary<(string Way, int Connections), Measurement> medians
    )
    {
        Console.WriteLine();
        Console.WriteLine($"{connections, 2} connection(s)     calls/s   p50 ms   p99 ms   CPU µs/call");
        foreach (var (name, measured) in runs)
        {
            var median = Measurement.MedianOf(measured);
            medians[(name, connections)] = median;
            Console.WriteLine(
                $"{name, -17} {median.Throughput, 9:F0} {median.P50, 8:F3} {median.P99, 8:F3} {median.CpuPerCall, 13:F1}"
            );
        }
    }

    private static void PrintSummary(
        BenchOptions options,
        Dictionary<(string Way, int Connections), Measurement> medians
    )
    {
        var most = options.Connections.Max();
        var fewest = options.Connections.Min();
        Console.WriteLine();
        var ratio = medians[(ManyPersons, most)].CpuPerCall / medians[(FewPersons, most)].CpuPerCall;
        var over = medians[(FewPersons, fewest)].P50 - medians[(PerTarget, fewest)].P50;
        Console.WriteLine(
            $"vault: {over:+0.000;-0.000} ms p50 at {fewest} over no credential, CPU of 10,000 users × 5 targets is {ratio:F2} of 10 users"
        );
        foreach (var (label, way) in new[] { ("aggregate", Aggregate), ("per-target", PerTarget) })
        {
            var share = medians[(way, most)].Throughput / medians[(Proxy, most)].Throughput;
            var added = medians[(way, fewest)].P50 - medians[(Proxy, fewest)].P50;
            Console.WriteLine(
                $"{label}: {share:F2} of bare proxy at {most} connections, {added:+0.000;-0.000} ms p50 at {fewest}"
            );
        }
    }
}
