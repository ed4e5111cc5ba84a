using System.Net;
using System.Text.Json;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Mcp.Trouble;

/// <summary>A target that stops in the middle: its call ends in time, with an error that the client understands, and no other call does.</summary>
public sealed class HungTargetTests
{
    private const string Path = "/mcp/weather";
    private const string Progress =
        """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}""";

    [Theory]
    [InlineData(Path, "echo")]
    [InlineData("/mcp", "weather___echo")]
    public async Task A_target_that_never_answers_is_given_up(string path, string tool)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time);
        using var client = await host.CreateReadyClientAsync();
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Target.Override = async (context, request) =>
        {
            if (request.Member("method") is not "\"tools/call\"")
            {
                return false;
            }

            await context.UntilLeftAsync();
            left.TrySetResult();
            return true;
        };

        var call = client.SendAsync(path, McpRequests.CallTool(tool), host.Token());
        await Eventually.HoldsAsync(() => host.Target.Calls().Any());
        time.Advance(TimeSpan.FromMinutes(14));
        call.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMinutes(1));
        var answer = await call.SoonAsync();

        answer.Error.GetProperty("code").GetInt32().ShouldBe(-32002);
        answer.Text.ShouldContain("did not answer within");
        answer.Json.GetProperty("id").GetInt32().ShouldBe(7);
        await left.Task.SoonAsync();
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("data: {\"jsonrpc\":\"2.0\",\"id\":7,\"resu", "\nevent: incomplete\n\n")]
    [InlineData("id: 9\r\ndata: {}\r\n", "\nevent: incomplete\n\n")]
    public async Task A_stream_that_falls_silent_ends_with_the_error_as_its_last_event(string half, string closed)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time);
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = async (context, _) =>
        {
            await context.SayAsync(Events.Event(Progress) + half);
            await context.UntilLeftAsync();
            return true;
        };

        using var stream = await OpenAsync(client, host);
        (await stream.ReadEventAsync()).ShouldBe(Events.Event(Progress));
        time.Advance(TimeSpan.FromMinutes(15));
        var rest = await stream.ReadToEndAsync();

        rest.ShouldStartWith(half + closed + "event: message\ndata: {");
        rest.ShouldEndWith("}\n\n");
        ErrorIn(rest, "target_timeout");
    }

    [Fact]
    public async Task A_stream_that_never_stops_talking_ends_when_the_longest_time_for_a_call_is_over()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time);
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = async (context, _) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.SayAsync(Events.Event(Progress));
                await Task.Delay(5, context.RequestAborted);
            }

            return true;
        };

        using var stream = await OpenAsync(client, host);
        (await stream.ReadEventAsync()).ShouldBe(Events.Event(Progress));
        time.Advance(TimeSpan.FromMinutes(14));
        (await stream.ReadEventAsync()).ShouldBe(Events.Event(Progress));
        time.Advance(TimeSpan.FromMinutes(1));

        ErrorIn(await stream.ReadToEndAsync(), "target_timeout");
    }

    [Fact]
    public async Task A_stream_without_end_is_not_a_call_and_lives_as_long_as_a_session()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time);
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = async (context, _) =>
        {
            await context.SayAsync(Events.Event(Progress));
            await context.UntilLeftAsync();
            return true;
        };
        using var listen = Outbound.Modern.Send(Path, "subscriptions/listen", [], host.Token());

        using var stream = await OpenStream.OpenAsync(client, listen);
        (await stream.ReadEventAsync()).ShouldBe(Events.Event(Progress));
        time.Advance(TimeSpan.FromMinutes(59));
        var rest = stream.ReadToEndAsync();
        await Task.Yield();
        rest.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMinutes(1));

        (await rest).ShouldBe(
            Events.Event(
                """{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":7}}}"""
            )
        );
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_stream_is_an_error_unless_the_client_can_resume()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        string? id = null;
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Target.Override = async (context, _) =>
        {
            await context.SayAsync(Events.Event(Progress, id));
            await seen.Task.SoonAsync();
            context.Abort();
            return true;
        };

        using (var stream = await OpenAsync(client, host))
        {
            (await stream.ReadEventAsync()).ShouldBe(Events.Event(Progress));
            seen.SetResult();
            ErrorIn(await stream.ReadToEndAsync(), "target_unavailable");
        }

        id = "1";
        seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var resumable = await OpenAsync(client, host);
        (await resumable.ReadEventAsync()).ShouldStartWith("id: 1\n");
        seen.SetResult();
        await Should.ThrowAsync<Exception>(resumable.ReadToEndAsync);
    }

    [Fact]
    public async Task Half_a_json_message_is_no_answer()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time);
        using var client = await host.CreateReadyClientAsync();
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Target.Override = async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync("{\"jsonrpc\":"u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            half.TrySetResult();
            await context.UntilLeftAsync();
            return true;
        };

        var call = client.SendAsync(Path, McpRequests.CallTool("echo"), host.Token());
        await half.Task.SoonAsync();
        time.Advance(TimeSpan.FromMinutes(15));
        var answer = await call.SoonAsync();

        answer.Status.ShouldBe(HttpStatusCode.GatewayTimeout);
        answer.Reason.ShouldBe("target_timeout");
        answer.Json.GetProperty("id").GetInt32().ShouldBe(7);
    }

    [Theory]
    [InlineData(Path, "echo")]
    [InlineData("/mcp", "weather___echo")]
    public async Task A_client_that_leaves_ends_its_own_call_and_no_other_of_the_same_id(string path, string tool)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var left = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Target.Override = async (context, request) =>
        {
            if (request.Member("method") is "\"notifications/cancelled\"")
            {
                context.Response.StatusCode = 202;
                return true;
            }

            if (request.Member("method") is not "\"tools/call\"")
            {
                return false;
            }

            if (await Task.WhenAny(release.Task, context.UntilLeftAsync()) == release.Task)
            {
                return false;
            }

            left.SetResult(request.Text);
            return true;
        };
        using var leaving = new CancellationTokenSource();
        using var first = McpRequests.Post(path, McpRequests.CallTool(tool, """{"who":"leaves"}"""), host.Token());
        var gone = client.SendAsync(first, leaving.Token);
        var stays = client.SendAsync(path, McpRequests.CallTool(tool, """{"who":"stays"}"""), host.Token());
        await Eventually.HoldsAsync(() => host.Target.Calls().Count() == 2);

        await leaving.CancelAsync();
        var ended = await left.Task.SoonAsync();
        release.SetResult();
        var answer = await stays;

        ended.ShouldContain("leaves");
        answer.Text.ShouldContain("stays");
        await Should.ThrowAsync<OperationCanceledException>(gone);
    }

    private static async Task<OpenStream> OpenAsync(HttpClient client, GatewayHost host)
    {
        using var call = McpRequests.Post(Path, McpRequests.CallTool("echo"), host.Token());
        return await OpenStream.OpenAsync(client, call);
    }

    private static void ErrorIn(string stream, string reason)
    {
        var data = stream.Split('\n').Last(static line => line.StartsWith("data: ", StringComparison.Ordinal));
        using var message = JsonDocument.Parse(data["data: ".Length..]);
        message.RootElement.GetProperty("id").GetInt32().ShouldBe(7);
        var error = message.RootElement.GetProperty("error");
        error.GetProperty("code").GetInt32().ShouldBe(-32002);
        error.GetProperty("data").GetProperty("reason").GetString().ShouldBe(reason);
    }
}
