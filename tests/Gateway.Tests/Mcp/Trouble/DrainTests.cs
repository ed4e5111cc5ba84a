using System.Diagnostics;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;
using AspireGateway.TestKit;
using AspireGateway.TestKit.Targets;

namespace AspireGateway.Gateway.Tests.Mcp.Trouble;

/// <summary>SIGTERM with a real process: calls in flight finish, streams without end are ended, and the process is gone in time.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Calls_finish_streams_end_nobody_new_is_let_in_and_the_process_ends()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM on Windows");
        var cancel = TestContext.Current.CancellationToken;
        await using var target = await FakeTarget.StartNewAsync();
        await using var gateway = await StartAsync(target);
        using var client = await gateway.CreateReadyClientAsync(TestContext.Current.CancellationToken);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Speak(target, release.Task);
        using var direct = await OpenAsync(
            client,
            McpRequests.Post("/mcp/weather", McpRequests.CallTool("echo"), gateway.Token())
        );
        var aggregate = client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), gateway.Token());
        using var get = await OpenAsync(
            client,
            LegacyRequests.Send(HttpMethod.Get, "/mcp/weather", gateway.Token(), null)
        );
        using var listen = await OpenAsync(
            client,
            Modern.Send("/mcp/weather", "subscriptions/listen", [], gateway.Token())
        );
        using var own = await OpenOwnStreamAsync(client, gateway.Token());
        await Eventually.HoldsAsync(() => target.Calls().Count() == 2);
        (await direct.ReadEventAsync()).ShouldContain("first");
        (await get.ReadEventAsync()).ShouldContain("first");
        (await listen.ReadEventAsync()).ShouldContain("first");

        var asked = Stopwatch.GetTimestamp();
        gateway.Process.Terminate();
        (await get.ReadToEndAsync()).ShouldBeEmpty();
        (await listen.ReadToEndAsync()).ShouldContain("\"resultType\":\"complete\"");
        (await own.ReadToEndAsync()).ShouldNotContain("data:");
        while (await gateway.Process.IsListeningAsync(cancel))
        {
            await Task.Delay(20, cancel);
        }

        aggregate.IsCompleted.ShouldBeFalse();
        release.SetResult();

        (await direct.ReadToEndAsync()).ShouldContain("\"result\"");
        (await aggregate).Result.GetProperty("content")[0].GetProperty("text").GetString()!.ShouldContain("hi");
        (await gateway.Process.ExitCodeAsync(cancel)).ShouldBe(0);
        Stopwatch.GetElapsedTime(asked).ShouldBeLessThan(Longest);
    }

    [Fact]
    public async Task Calls_that_do_not_finish_are_told_so_and_the_process_ends_in_time_all_the_same()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM on Windows");
        await using var target = await FakeTarget.StartNewAsync();
        await using var gateway = await StartAsync(target);
        using var client = await gateway.CreateReadyClientAsync(TestContext.Current.CancellationToken);
        Speak(target, new TaskCompletionSource().Task);
        using var streaming = await OpenAsync(
            client,
            McpRequests.Post("/mcp/weather", McpRequests.CallTool("echo"), gateway.Token())
        );
        (await streaming.ReadEventAsync()).ShouldContain("first");
        var aggregate = client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), gateway.Token());
        await Eventually.HoldsAsync(() => target.Calls().Count() == 2);

        var asked = Stopwatch.GetTimestamp();
        gateway.Process.Terminate();

        (await streaming.ReadToEndAsync()).ShouldContain("gateway_stopping");
        (await aggregate).Error.GetProperty("code").GetInt32().ShouldBe(-32002);
        (await gateway.Process.ExitCodeAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
        Stopwatch.GetElapsedTime(asked).ShouldBeLessThan(Longest);
    }

    private static Task<GatewayProcess> StartAsync(FakeTarget target) =>
        GatewayProcess.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Gateway__Targets__weather__Url"] = target.Url,
                // SIGTERM, not the end of standard input, is what this is about.
                ["LocalHosting__ParentWatch"] = "",
            },
            TestContext.Current.CancellationToken
        );

    private static async Task<OpenStream> OpenAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            return await OpenStream.OpenAsync(client, request);
        }
    }

    // The aggregate endpoint's own stream of a client with a session.
    private static async Task<OpenStream> OpenOwnStreamAsync(HttpClient client, string token)
    {
        var started = await client.SendAsync("/mcp", LegacyRequests.Initialize, token);
        var session = started.Headers.GetValues("Mcp-Session-Id").Single();
        return await OpenAsync(client, LegacyRequests.Send(HttpMethod.Get, "/mcp", token, session));
    }

    // Streams say one thing and wait; calls do so too until they may finish.
    private static void Speak(FakeTarget target, Task release) =>
        target.Override = async (context, request) =>
        {
            const string First = """{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"first"}}""";
            if (request.Member("method") is "\"tools/call\"")
            {
                await context.SayAsync(Events.Event(First));
                await release.WaitAsync(context.RequestAborted);
                await context.SayAsync(Events.Event(request.Answer("""{"content":[{"type":"text","text":"hi"}]}""")));
                return true;
            }

            if (request.Method == "GET" || request.Member("method") is "\"subscriptions/listen\"")
            {
                await context.SayAsync(Events.Event(First));
                await context.UntilLeftAsync();
                return true;
            }

            return false;
        };
}
