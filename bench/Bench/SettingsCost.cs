namespace AspireGateway.Bench;

/// <summary>
/// The small call at gateways that differ in a setting, and what each costs in relation to the first of them. Several sets of processes one
/// after the other: two processes of one program differ by a few percent, because the runtime compiles each by what it saw of its calls.
/// Each gateway takes turns with the first alone, so that both are as often the one that goes on when it has just run.
/// </summary>
internal sealed class SettingsCost(BenchSystem system, BenchOptions options, int connections)
{
    /// <summary>No audit record, one as it is by default, and one that waits for the disk.</summary>
    public Task MeasureAuditAsync() =>
        MeasureAsync(
            "audit",
            ("without it", [("Gateway__Audit__Durability", "off")]),
            ("audit record", []),
            ("waits for disk", [("Gateway__Audit__Durability", "disk")])
        );

    /// <summary>No telemetry, and what a receiver gets that throws it away.</summary>
    public async Task MeasureTelemetryAsync()
    {
        var sink = await system.StartSinkAsync();
        (string Name, string Value)[] on =
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", sink.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ];
        await MeasureAsync(
            "telemetry",
            ("without it", []),
            ("metrics, no trace", [.. on, ("OTEL_TRACES_SAMPLER", "always_off")]),
            (
                "one trace in a hundred",
                [.. on, ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.01")]
            ),
            ("every trace", on)
        );
    }

    private async Task MeasureAsync(
        string title,
        params (string Name, (string Name, string Value)[] Settings)[] gateways
    )
    {
        var first = gateways[0].Name;
        var tables = gateways
            .Skip(1)
            .Select(other => (other.Name, Table: new MeasuredTable($"{title}, {other.Name}")))
            .ToList();
        for (var set = 0; set < options.Sets; set++)
        {
            var ways = new List<Way>();
            foreach (var (name, settings) in gateways)
            {
                var gateway = await system.StartGatewayAsync($"{title}-{set}-{ways.Count}", settings);
                ways.Add(Way.Of(name, gateway, "/mcp/bench", system.Token("user-1", gateway), Calls.Of(Calls.Echo)));
            }

            await MeasuredTable.WarmAsync(ways);
            foreach (var (way, (_, table)) in ways.Skip(1).Zip(tables))
            {
                await table.MeasureAsync([ways[0], way], connections, options.Rounds, options.Seconds);
            }

            foreach (var way in ways)
            {
                await system.StopAsync(way.Process);
            }
        }

        foreach (var (_, table) in tables)
        {
            table.Print(connections);
        }

        Console.WriteLine();
        foreach (var (name, table) in tables)
        {
            var cpu = table.Ratio(name, first, connections, static run => run.CpuPerCall);
            var sets = Enumerable.Range(0, options.Sets).Select(set => ThroughputOf(table, name, set)).Order().ToList();
            Console.WriteLine(
                $"{title}, {name}: {sets.Average():F3} ± {StandardError(sets):F3} of the throughput {first} at {connections} connections ({sets[0]:F2} to {sets[^1]:F2} in {options.Sets} sets), {cpu:F2} of its CPU"
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
                first,
                connections,
                static run => run.Throughput,
                (set * options.Rounds)..((set + 1) * options.Rounds)
            );
    }
}
