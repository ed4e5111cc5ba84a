using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Mcp.Trouble;

/// <summary>A target that takes requests and says nothing before the first call: it is given up in time, and nobody else waits for it.</summary>
public sealed class SilentTargetTests : IDisposable
{
    private const string Weather = "weather___echo";
    private const string Silent = "silent___echo";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-silent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_target_that_never_answers_the_handshake_fails_all_who_wait_for_it_at_once_and_nobody_else()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var silent = await FakeTarget.StartNewAsync();
        silent.Override = static async (context, _) =>
        {
            await context.UntilLeftAsync();
            return true;
        };
        var tools = Path.Combine(_folder, "tools.json");
        await File.WriteAllTextAsync(tools, """[{"name":"echo"}]""", TestContext.Current.CancellationToken);
        await using var host = await GatewayHost.StartAsync(
            time: time,
            settings: [("Gateway:Targets:silent:Url", silent.Url), ("Gateway:Targets:silent:ToolsFile", tools)]
        );
        using var client = host.CreateClient();
        await UntilListedAsync(client, host.Token());
        var waiting = await BeginAsync(3, () => OpenAsync(client, host.Token()), time);

        (await client.SendAsync("/mcp", McpRequests.CallTool(Weather), host.Token())).Text.ShouldContain("hi");
        (await client.SendAsync("/mcp", McpRequests.ListTools, host.Token())).Text.ShouldContain(Silent);
        time.Advance(TimeSpan.FromSeconds(20));
        var answers = await Task.WhenAll(waiting.Select(static stream => stream.ReadToEndAsync()));

        foreach (var answer in answers)
        {
            answer.ShouldContain("\"code\":-32002");
            answer.ShouldContain("target_unavailable");
            answer.ShouldContain("\"id\":7");
        }

        silent.Override = null;
        (await client.SendAsync("/mcp", McpRequests.CallTool(Silent), host.Token())).Text.ShouldContain("hi");
    }

    [Fact]
    public async Task A_target_that_shakes_hands_and_never_lists_anything_has_failed_after_a_while_and_the_gateway_is_ready()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var silent = await FakeTarget.StartNewAsync();
        silent.Override = static async (context, request) =>
        {
            if (request.Member("method") is not "\"tools/list\"")
            {
                return false;
            }

            await context.UntilLeftAsync();
            return true;
        };
        await using var host = await GatewayHost.StartAsync(
            time: time,
            settings: ("Gateway:Targets:silent:Url", silent.Url)
        );
        using var client = host.CreateClient();
        await UntilListedAsync(client, host.Token());
        await Eventually.HoldsAsync(() => silent.Calls("tools/list").Any());

        time.Advance(TimeSpan.FromMinutes(1));
        using var ready = await host.CreateReadyClientAsync();

        (await ready.SendAsync("/mcp", McpRequests.CallTool(Weather), host.Token())).Text.ShouldContain("hi");
        host.Logs.Text.ShouldContain("did not list everything within 00:01:00");
    }

    private static async Task UntilListedAsync(HttpClient client, string token)
    {
        while (
            !(await client.SendAsync("/mcp", McpRequests.ListTools, token)).Text.Contains(
                Weather,
                StringComparison.Ordinal
            )
        )
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<OpenStream> OpenAsync(HttpClient client, string token)
    {
        using var request = McpRequests.Post("/mcp", McpRequests.CallTool(Silent), token);
        return await OpenStream.OpenAsync(client, request);
    }

    // The response to a call begins when it has waited for a moment.
    private static async Task<OpenStream[]> BeginAsync(int count, Func<Task<OpenStream>> open, FakeTimeProvider time)
    {
        var opening = Task.WhenAll(Enumerable.Range(0, count).Select(_ => open()));
        while (!opening.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(opening, Task.Delay(10, TestContext.Current.CancellationToken));
        }

        return await opening;
    }
}
