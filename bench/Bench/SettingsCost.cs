namespace AspireGateway.Bench;

/// <summary>
/// The small call at gateways that differ in a setting, and what each costs in relation to the first of them. Several sets of processes one
/// after the other: two processes of one program differ by a few percent, because the runtime compiles each by what it saw of its calls.
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
        var table = new MeasuredTable(title);
        for (var set = 0; set < options.Sets; set++)
        {
            var ways = new List<Way>();
            foreach (var (name, settings) in gateways)
            {
                var gateway = await system.StartGatewayAsync($"{title}-{set}-{ways.Count}", settings);
                ways.Add(Way.Of(name, gateway, "/mcp/bench", system.Token("user-1", gateway), Calls.Of(Calls.Echo)));
            }

            await MeasuredTable.WarmAsync(ways);
            await table.MeasureAsync(ways, connections, options.Rounds, options.Seconds);
            foreach (var way in ways)
            {
                await system.StopAsync(way.Process);
            }
        }

        table.Print(connections);
        Console.WriteLine();
        var first = gateways[0].Name;
        foreach (var name in gateways.Skip(1).Select(static gateway => gateway.Name))
        {
            var throughput = table.Ratio(name, first, connections, static run => run.Throughput);
            var cpu = table.Ratio(name, first, connections, static run => run.CpuPerCall);
            var sets = Enumerable
                .Range(0, options.Sets)
                .Select(set =>
                    table.Ratio(
                        name,
                        first,
                        connections,
                        static run => run.Throughput,
                        (set * options.Rounds)..((set + 1) * options.Rounds)
                    )
                );
            Console.WriteLine(
                $"{title}, {name}: {throughput:F2} of the throughput {first} at {connections} connections, {cpu:F2} of its CPU (sets: {string.Join(", ", sets.Select(static ratio => ratio.ToString("F2")))})"
            );
        }
    }
}
