using System.Runtime.InteropServices;

namespace AspireGateway.Bench;

/// <summary>The same calls directly, through a bare proxy, and through both endpoints of the gateway; alternating, in one run.</summary>
internal sealed class Comparison(BenchOptions options)
{
    private const string Direct = "target directly";
    private const string Proxy = "bare proxy";
    private const string PerTarget = "/mcp/{target}";
    private const string Aggregate = "/mcp";
    private const string FewPersons = "vault, 10 users";
    private const string ManyPersons = "vault, 10k users";

    public static async Task<int> RunAsync(BenchOptions options)
    {
        await using var system = await BenchSystem.StartAsync(options.Tables.Contains(BenchOptions.Vault));
        var sets = options.Tables.Overlaps([BenchOptions.Audit, BenchOptions.Disk, BenchOptions.Telemetry])
            ? $"{options.Sets} set(s) of gateways, "
            : "";
        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {options.Rounds} rounds of {options.Seconds} s, {sets}medians"
        );
        await new Comparison(options).RunAsync(system);
        return 0;
    }

    private async Task RunAsync(BenchSystem system)
    {
        var most = options.Connections.Max();
        var fewest = options.Connections.Min();
        var usual = options.Connections.Contains(16) ? 16 : most;

        var persons = options.Tables.Contains(BenchOptions.Vault);
        var small = new MeasuredTable("small call");
        Way[] ways = [.. Ways(system, Calls.Echo), .. persons ? Persons(system) : []];
        await MeasuredTable.WarmAsync(ways);
        await MeasureAsync(small, ways, options.Connections);
        if (options.Tables.Contains(BenchOptions.Big))
        {
            await MeasureAsync(new MeasuredTable("100 kB result"), Ways(system, Calls.Big), options.Connections);
        }

        if (options.Tables.Contains(BenchOptions.Streams))
        {
            await MeasureStreamsAsync(system, fewest);
        }

        var settings = new SettingsCost(system, options, usual);
        if (options.Tables.Contains(BenchOptions.Audit))
        {
            await settings.MeasureAuditAsync();
        }

        if (options.Tables.Contains(BenchOptions.Disk))
        {
            await settings.MeasureDiskAsync();
        }

        if (options.Tables.Contains(BenchOptions.Telemetry))
        {
            await settings.MeasureTelemetryAsync();
        }

        Console.WriteLine();
        if (persons)
        {
            var ratio = small.Ratio(ManyPersons, FewPersons, usual, static run => run.CpuPerCall);
            Console.WriteLine(
                $"vault: {Added(small, FewPersons, PerTarget, fewest)} over no credential, CPU of 10,000 users × 5 targets is {ratio:F2} of 10 users"
            );
        }

        Console.WriteLine(Summary("aggregate", small, Aggregate, usual, fewest));
        Console.WriteLine(Summary("per-target", small, PerTarget, usual, fewest));
    }

    private async Task MeasureStreamsAsync(BenchSystem system, int fewest)
    {
        await MeasureAsync(new MeasuredTable("1,000 progress events"), Ways(system, Calls.Stream), [fewest]);
        var first = new MeasuredTable("first event of a stream");
        await MeasureAsync(first, Ways(system, Calls.First), [fewest]);
        Console.WriteLine();
        foreach (var way in new[] { Direct, Proxy, PerTarget, Aggregate })
        {
            Console.WriteLine($"first event through {way}: {first[way, fewest].FirstEvent:F3} ms after it was sent");
        }
    }

    private async Task MeasureAsync(MeasuredTable table, IReadOnlyList<Way> ways, IReadOnlyList<int> connections)
    {
        foreach (var number in connections)
        {
            await table.MeasureAsync(ways, number, options.Rounds, options.Seconds);
            table.Print(number);
        }
    }

    private static string Summary(string label, MeasuredTable small, string way, int usual, int fewest) =>
        $"{label}: {small.Ratio(way, Proxy, usual, static run => run.Throughput):F2} of bare proxy at {usual} connections, "
        + $"{Added(small, way, Direct, fewest)} over direct, {Added(small, way, Proxy, fewest)} over bare proxy";

    private static string Added(MeasuredTable table, string way, string than, int connections) =>
        $"{table[way, connections].P50 - table[than, connections].P50:+0.000;-0.000} ms p50 at {connections}";

    private static Way[] Ways(BenchSystem system, string tool)
    {
        var token = system.Token("user-1");
        return
        [
            Way.Of(Direct, system.Target, "/mcp", null, Calls.Of(tool)),
            Way.Of(Proxy, system.Proxy, "/mcp", null, Calls.Of(tool)),
            Way.Of(PerTarget, system.Gateway, "/mcp/bench", token, Calls.Of(tool)),
            Way.Of(Aggregate, system.Gateway, "/mcp", token, Calls.Of("bench___" + tool)),
        ];
    }

    private static Way[] Persons(BenchSystem system) =>
        [Vault(system, FewPersons, BenchSystem.FewUsers), Vault(system, ManyPersons, BenchSystem.ManyUsers)];

    // Every person at every target, each with a token of their own from the vault.
    private static Way Vault(BenchSystem system, string name, int users) =>
        new(
            name,
            system.Gateway.Process,
            new Uri(system.Gateway.Url),
            [
                .. Enumerable
                    .Range(0, users)
                    .SelectMany(user =>
                        BenchSystem.PersonalTargets.Select(target =>
                            LoadConnection.Request(
                                new Uri($"{system.Gateway.Url}/mcp/{target}"),
                                system.Token(BenchSystem.UserOf(user)),
                                Calls.Of(Calls.Echo)
                            )
                        )
                    ),
            ]
        );
}
