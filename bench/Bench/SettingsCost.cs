using AspireGateway.Gateway.Audit;

namespace AspireGateway.Bench;

/// <summary>
/// The small call with and without something that every call needs, and what that costs. Several sets of processes one after the other: two processes
/// of one program differ by a few percent, because the runtime compiles each by what it saw of its calls. Two ways take turns at a time, so
/// that both are as often the one that goes on when it has just run.
/// </summary>
internal sealed class SettingsCost(BenchSystem system, BenchOptions options, int connections)
{
    private const string Without = "without it";

    /// <summary>The audit record as it is by default; a gateway takes turns with itself, without the record.</summary>
    public Task MeasureAuditAsync() => MeasureAuditAsync("audit record", []);

    /// <summary>One that waits for the disk.</summary>
    public Task MeasureDiskAsync() =>
        MeasureAuditAsync("waits for disk", [("Gateway__Audit__Durability", AuditDurability.Disk)]);

    /// <summary>No telemetry, and what a receiver gets that throws it away.</summary>
    public async Task MeasureTelemetryAsync()
    {
        var sink = await system.StartSinkAsync();
        (string Name, string Value)[] on =
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", sink.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ];
        (string Name, (string Name, string Value)[] Settings)[] gateways =
        [
            ("metrics, no trace", [.. on, ("OTEL_TRACES_SAMPLER", "always_off")]),
            (
                "one trace in a hundred",
                [.. on, ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.01")]
            ),
            ("every trace", on),
        ];
        await MeasureAsync(
            "telemetry",
            async set =>
            {
                var without = await StartAsync($"telemetry-{set}", Without, []);
                var pairs = new List<(Way, Way)>();
                foreach (var (name, settings) in gateways)
                {
                    pairs.Add((without, await StartAsync($"telemetry-{set}-{pairs.Count}", name, settings)));
                }

                return pairs;
            }
        );
    }

    private Task MeasureAuditAsync(string name, (string Name, string Value)[] settings) =>
        MeasureAsync(
            "audit",
            async set =>
            {
                var way = await StartAsync($"{name}-{set}", name, settings);
                return [(Off(way), On(way))];
            }
        );

    private static Way Off(Way way) => way with { Name = Without, Command = ProcessProbe.AuditOff };

    private static Way On(Way way) => way with { Command = ProcessProbe.AuditOn };

    private async Task<Way> StartAsync(string folder, string name, (string Name, string Value)[] settings)
    {
        var gateway = await system.StartGatewayAsync(folder, settings);
        return Way.Of(name, gateway, "/mcp/bench", system.Token("user-1", gateway), Calls.Of(Calls.Echo));
    }

    private async Task MeasureAsync(string title, Func<int, Task<List<(Way Without, Way With)>>> start)
    {
        var tables = new OrderedDictionary<string, MeasuredTable>(StringComparer.Ordinal);
        for (var set = 0; set < options.Sets; set++)
        {
            var pairs = await start(set);
            Way[] ways = [.. pairs.SelectMany(static pair => new[] { pair.With, pair.Without }).Distinct()];
            await MeasuredTable.WarmAsync(ways);
            foreach (var (without, with) in pairs)
            {
                tables.TryAdd(with.Name, new MeasuredTable($"{title}, {with.Name}"));
                await tables[with.Name].MeasureAsync([without, with], connections, options.Rounds, options.Seconds);
            }

            foreach (var process in ways.Select(static way => way.Process).Distinct())
            {
                await system.StopAsync(process);
            }
        }

        foreach (var table in tables.Values)
        {
            table.Print(connections);
        }

        Console.WriteLine();
        foreach (var (name, table) in tables)
        {
            var cpu = table.Ratio(name, Without, connections, static run => run.CpuPerCall);
            var sets = Enumerable.Range(0, options.Sets).Select(set => ThroughputOf(table, name, set)).Order().ToList();
            Console.WriteLine(
                $"{title}, {name}: {sets.Average():F3} ± {StandardError(sets):F3} of the throughput {Without} at {connections} connections ({sets[0]:F2} to {sets[^1]:F2} in {options.Sets} sets), {cpu:F2} of its CPU"
            );
        }

        static double StandardError(List<double> values)
        {
            var mean = values.Average();
            var squares = values.Sum(value => (value - mean) * (value - mean));
            return Math.Sqrt(squares / Math.Max(1, values.Count - 1) / values.Count);
        }

        double ThroughputOf(MeasuredTable table, string name, int set) =>
            table.Ratio(
                name,
                Without,
                connections,
                static run => run.Throughput,
                (set * options.Rounds)..((set + 1) * options.Rounds)
            );
    }
}
