using AspireGateway.TestKit;

namespace AspireGateway.Gateway.ConformanceTests.Servers;

/// <summary>
/// The sample server <c>everything</c> as only target of a gateway that leaves its names as they are, so that the suite finds on
/// both endpoints what it asks for. Processes and relays stay for all scenarios.
/// </summary>
internal static class ServerRoutes
{
    private const string Target = "everything";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(110);

    /// <summary>Prints name and address of each route, then <c>ready</c>, and serves until the standard input ends.</summary>
    public static async Task<int> RunAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var server = LocalProcess.FreeUrl();
        await using var sample = await LocalProcess.StartAsync(
            "SampleMcpServer",
            server,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["SampleMcpServer__Sample"] = Target },
            patience.Token
        );
        await using var gateway = await GatewayProcess.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [$"Gateway__Targets__{Target}__Url"] = $"{server}/mcp",
                ["Gateway__Mcp__SingleTarget"] = "true",
            },
            patience.Token
        );
        await using var relay = await TokenRelay.StartAsync(gateway);
        Console.WriteLine($"server-direct {server}/mcp");
        Console.WriteLine($"server {relay.Url}/mcp/{Target}");
        Console.WriteLine($"server-aggregate {relay.Url}/mcp");
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync(CancellationToken.None);
        return 0;
    }
}
