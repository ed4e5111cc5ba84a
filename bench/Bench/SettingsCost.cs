namespace AspireGateway.Bench;

/// <summary>The small call at gateways that differ in a setting, and what each costs in relation to the first of them.</summary>
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
        var ways = new List<Way>();
        foreach (var (name, settings) in gateways)
        {
            var gateway = await system.StartGatewayAsync($"{title}-{ways.Count}", settings);
            ways.Add(Way.Of(name, gateway, "/mcp/bench", system.Token("user-1", gateway), Calls.Of(Calls.Echo)));
        }

        var table = new MeasuredTable(title, ways);
        await table.WarmAsync();
        await table.MeasureAsync(connections, options.Rounds, options.Seconds);
        Console.WriteLine();
        var first = table[ways[0].Name, connections];
        foreach (var way in ways.Skip(1))
        {
            var one = table[way.Name, connections];
            Console.WriteLine(
                $"{title}, {way.Name}: {one.Throughput / first.Throughput:F2} of the throughput {ways[0].Name} at {connections} connections, {one.CpuPerCall / first.CpuPerCall:F2} of its CPU"
            );
        }
    }
}
