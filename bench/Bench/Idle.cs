using System.Globalization;

namespace AspireGateway.Bench;

/// <summary>What people cost who have signed in, used the gateway once, and went away: ten thousand of them, with tokens of their own at each target.</summary>
internal static class Idle
{
    private const int Connections = 16;

    // Connections of people are closed after five minutes, and what was read for them is forgotten in the next round.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(7);

    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{"url":{}}},"clientInfo":{"name":"bench","version":"1"}}}""";
    private const string List = """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var users = arguments is ["--users", var text]
            ? Math.Min(int.Parse(text, CultureInfo.InvariantCulture), BenchSystem.ManyUsers)
            : BenchSystem.ManyUsers;
        await using var system = await BenchSystem.StartAsync(fillVault: true);

        // What is made once, whoever comes first, is not to be counted for everybody.
        await UseAsync(system, "warm", Enumerable.Range(0, 50));
        Console.WriteLine(
            $"{users} people, each with {BenchSystem.PersonalTargets.Length} targets: a session, a list, a call"
        );
        Console.WriteLine("                             heap MB   bytes/person   working set MB");
        var before = await LookAsync(system.Gateway.Process, "before they come", null, 1);
        await UseAsync(system, "person", Enumerable.Range(0, users));
        await LookAsync(system.Gateway.Process, "all have just called", before, users);
        await Task.Delay(Silence);
        var after = await LookAsync(system.Gateway.Process, "after seven idle minutes", before, users);
        Console.WriteLine($"idle: {(after - before) / users} bytes for each of {users} people who are idle");
        return 0;
    }

    private static Task UseAsync(BenchSystem system, string name, IEnumerable<int> numbers)
    {
        var url = new Uri(system.Gateway.Url + "/mcp");
        var call = Calls.Of($"{BenchSystem.PersonalTargets[0]}___{Calls.Echo}");
        byte[][][] requests =
        [
            .. numbers
                .Select(number => name is "person" ? BenchSystem.UserOf(number) : $"{name}-{number}")
                .SelectMany(user =>
                    new[] { Initialize, List, call }.Select(body =>
                        LoadConnection.Request(url, system.Token(user), body)
                    )
                )
                .Chunk(3 * BenchSystem.ManyUsers / Connections),
        ];
        return Task.WhenAll(requests.Select(ofOne => Task.Run(() => UseAsync(url, ofOne))));
    }

    private static async Task UseAsync(Uri url, byte[][] requests)
    {
        using var connection = new LoadConnection(url, requests, first: 0);
        foreach (var _ in requests)
        {
            await connection.CallAsync();
        }
    }

    private static async Task<long> LookAsync(ProcessProbe process, string when, long? before, int users)
    {
        var heap = (await process.AskAsync(ProcessProbe.Collect)).Heap;
        var each = before is { } empty ? $"{(heap - empty) / users, 12}" : $"{"", 12}";
        Console.WriteLine($"{when, -26} {heap / 1e6, 9:F1} {each} {process.WorkingSet / 1e6, 16:F0}");
        return heap;
    }
}
