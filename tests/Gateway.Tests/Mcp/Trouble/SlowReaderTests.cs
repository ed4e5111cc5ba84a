using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit;
using AspireGateway.TestKit.Targets;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Mcp.Trouble;

/// <summary>Clients that ask for more than they read, at a real process.</summary>
public sealed class SlowReaderTests
{
    private const int Enough = 100_000_000;

    [Theory]
    [InlineData("/mcp/weather", "echo")]
    [InlineData("/mcp", "weather___echo")]
    public async Task A_client_that_does_not_read_holds_the_target_back_and_is_left_when_its_time_is_over(
        string path,
        string tool
    )
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var target = await FakeTarget.StartNewAsync();
        await using var gateway = await GatewayProcess.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Gateway__Targets__weather__Url"] = target.Url,
                ["Gateway__Targets__weather__Timeout"] = "00:00:05",
                ["Gateway__Mcp__Limits__CallsPerTarget"] = "1",
            },
            cancel
        );
        using var client = await gateway.CreateReadyClientAsync(cancel);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        target.Override = (context, request) => PourAsync(context, request, ended);
        using var call = McpRequests.Post(path, Call(tool), gateway.Token());
        using var stream = await OpenStream.OpenAsync(client, call);
        (await stream.ReadEventAsync()).ShouldContain("xxx");
        var before = gateway.Process.PeakMemory;

        // In that time, a target that nobody holds back sends a gigabyte.
        await ended.Task.SoonAsync();

        (gateway.Process.PeakMemory - before).ShouldBeLessThan(Enough);
        (await client.SendAsync("/mcp", McpRequests.ListTools, gateway.Token())).Status.ShouldBe(HttpStatusCode.OK);
        target.Override = null;
        while (
            (await client.SendAsync(path, McpRequests.CallTool(tool), gateway.Token())).Status
            is HttpStatusCode.TooManyRequests
        )
        {
            await Task.Delay(100, cancel);
        }
    }

    private static string Call(string tool) =>
        McpRequests
            .CallTool(tool)
            .Replace("\"arguments\"", "\"_meta\":{\"progressToken\":\"p\"},\"arguments\"", StringComparison.Ordinal);

    // Progress without end, as fast as it is taken.
    private static async Task<bool> PourAsync(HttpContext context, RecordedRequest request, TaskCompletionSource ended)
    {
        if (request.Member("method") is not "\"tools/call\"")
        {
            return false;
        }

        var token = JsonNode.Parse(request.Body)!["params"]!["_meta"]!["progressToken"]!;
        var parameters = new JsonObject
        {
            ["progressToken"] = token.DeepClone(),
            ["progress"] = 1,
            ["message"] = new string('x', 60_000),
        };
        var block = Events.Event(
            $$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{{parameters.ToJsonString()}} }"""
        );
        try
        {
            while (true)
            {
                await context.SayAsync(block);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            ended.TrySetResult();
        }

        return true;
    }
}
