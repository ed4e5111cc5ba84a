using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;
using AspireGateway.TestKit.Targets;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Mcp.PerTarget;

/// <summary>Everything that a target and its client say to each other passes <c>/mcp/{target}</c> as it is, and when it is said.</summary>
public sealed class FaithfulTests
{
    private const string Path = "/mcp/weather";

    [Fact]
    public async Task Progress_and_questions_of_the_target_come_through_at_once_and_the_clients_answer_goes_back()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        const string Progress =
            "event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":\"p\",\"progress\":1}}\r\n\r\n";
        const string Question =
            """{"jsonrpc":"2.0","id":"srv-1","method":"elicitation/create","params":{"message":"?"}}""";
        const string Answer = """{ "id":"srv-1","jsonrpc":"2.0","result":{"action":"accept","content":{"a":1.50}}}""";
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Target.Override = async (context, request) =>
        {
            if (request.Member("method") is null)
            {
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                answered.SetResult();
                return true;
            }

            await context.SayAsync(Progress);
            await context.SayAsync(Events.Event(Question));
            await answered.Task.WaitAsync(context.RequestAborted);
            await context.SayAsync(": done\n\n" + Events.Event(request.Answer()));
            return true;
        };
        using var call = McpRequests.Post(Path, LegacyRequests.CallWithProgress(3, "echo", "p"), host.Token());

        using var stream = await OpenStream.OpenAsync(client, call);
        var progress = await stream.ReadEventAsync();
        var question = await stream.ReadEventAsync();
        var accepted = await client.SendAsync(Path, Answer, host.Token());
        var rest = await stream.ReadToEndAsync();

        stream.MediaType.ShouldBe("text/event-stream");
        progress.ShouldBe(Progress.Replace("\r\n", "\n", StringComparison.Ordinal));
        question.ShouldBe(Events.Event(Question));
        accepted.Status.ShouldBe(HttpStatusCode.Accepted);
        accepted.Text.ShouldBeEmpty();
        host.Target.Requests[^1].Text.ShouldBe(Answer);
        rest.ShouldBe(": done\n\n" + Events.Event("""{"jsonrpc":"2.0","id":3,"result":{}}"""));
    }

    [Fact]
    public async Task A_get_stream_is_open_before_anything_is_said_and_resumes_where_the_client_says()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var speak = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Target.Override = async (context, _) =>
        {
            await context.OpenEventsAsync();
            await speak.Task.WaitAsync(context.RequestAborted);
            await context.SayAsync("id: 42\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n");
            await context.UntilLeftAsync();
            left.SetResult();
            return true;
        };
        using var get = LegacyRequests.Send(HttpMethod.Get, Path, host.Token(), session: null);
        get.Headers.Add("Last-Event-ID", "41");

        using (var stream = await OpenStream.OpenAsync(client, get))
        {
            stream.Status.ShouldBe(HttpStatusCode.OK);
            speak.SetResult();
            (await stream.ReadEventAsync()).ShouldStartWith("id: 42\ndata: ");
        }

        await left.Task.SoonAsync();
        var seen = host.Target.Requests.ShouldHaveSingleItem();
        seen.Method.ShouldBe("GET");
        seen.Headers["Last-Event-ID"].ShouldBe("41");
    }

    [Fact]
    public async Task A_subscription_stays_open_and_a_client_that_leaves_it_ends_it_at_the_target()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var acknowledged = Events.Event(
            """{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":7}}}"""
        );
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Target.Override = async (context, _) =>
        {
            await context.SayAsync(acknowledged);
            await context.UntilLeftAsync();
            left.SetResult();
            return true;
        };
        var wanted = new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } };
        using var listen = Modern.Send(Path, "subscriptions/listen", wanted, host.Token());

        using (var stream = await OpenStream.OpenAsync(client, listen))
        {
            (await stream.ReadEventAsync()).ShouldBe(acknowledged);
        }

        await left.Task.SoonAsync();
        await Eventually.HoldsAsync(() => host.Audit().Count == 1);
        host.Audit()[0].GetProperty("reason").GetString().ShouldBe("cancelled");
    }

    [Theory]
    [InlineData(
        400,
        """{"jsonrpc":"2.0","id":7,"error":{"code":-32021,"message":"m","data":{"requiredCapabilities":{"sampling":{}}}}}"""
    )]
    [InlineData(
        400,
        """{"jsonrpc":"2.0","id":7,"error":{"code":-32022,"message":"m","data":{"supported":["2025-11-25"],"requested":"x"}}}"""
    )]
    [InlineData(404, """{"jsonrpc":"2.0","id":7, "error":{"code":-32601,"message":"m"}}""")]
    [InlineData(400, """{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"m"}}""")]
    [InlineData(200, """{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}""")]
    [InlineData(200, """{"result":{"resultType":"input_required","requestState":"s"},"id":7.0,"jsonrpc":"2.0"}""")]
    public async Task Errors_of_the_target_keep_their_status_and_every_byte(int status, string body)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = async (context, _) =>
        {
            await context.AnswerAsync(body, status);
            return true;
        };
        using var request = Modern.Call(Path, "echo", "{}", host.Token());

        var answer = await client.ReadAsync(request);

        ((int)answer.Status).ShouldBe(status);
        answer.Text.ShouldBe(body);
        answer.MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task An_error_that_comes_as_an_event_keeps_its_status_too()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var sent = Events.Event("""{"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"m"}}""");
        host.Target.Override = async (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            // As the C# SDK does.
            context.Response.Headers.ContentEncoding = "identity";
            await context.SayAsync(sent);
            return true;
        };
        using var request = Modern.Call(Path, "echo", "{}", host.Token());

        var answer = await client.ReadAsync(request);

        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Text.ShouldBe(sent);
    }

    [Fact]
    public async Task A_large_result_comes_through_whole()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var sizes = new[] { 4_095, 4_096, 4_097, 65_535, 65_536, 65_537, 400_000 };
        foreach (var size in sizes)
        {
            var body = "";
            host.Target.Override = async (context, request) =>
            {
                body = request.Answer($$"""{"x":"{{new string('x', size)}}"}""");
                await context.AnswerAsync(body);
                return true;
            };

            (await client.SendAsync(Path, McpRequests.CallTool("echo"), host.Token())).Text.ShouldBe(body);
        }
    }

    [Fact]
    public async Task A_request_says_how_long_it_is()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var body = McpRequests.CallTool("echo");

        (await client.SendAsync(Path, body, host.Token())).Status.ShouldBe(HttpStatusCode.OK);

        var seen = host.Target.Requests.ShouldHaveSingleItem();
        seen.Text.ShouldBe(body);
        seen.Headers["Content-Length"].ShouldBe(seen.Body.Length.ToString(CultureInfo.InvariantCulture));
        seen.Headers.Keys.ShouldNotContain("Transfer-Encoding");
    }

    [Fact]
    public async Task A_header_that_no_answer_may_contain_is_left_out_and_the_rest_comes_through()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = async (context, request) =>
        {
            context.Response.Headers.CacheControl = "no-störe";
            context.Response.Headers.RetryAfter = "7";
            await context.AnswerAsync(request.Answer());
            return true;
        };
        using var request = McpRequests.Post(Path, McpRequests.CallTool("echo"), host.Token());

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl.ShouldBeNull();
        answer.Headers.RetryAfter!.ToString().ShouldBe("7");
    }
}
