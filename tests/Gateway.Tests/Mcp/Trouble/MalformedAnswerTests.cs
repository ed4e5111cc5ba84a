using System.Net;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Mcp.Trouble;

/// <summary>Answers of targets that are none of MCP: a clear error to the caller on both routes, and other calls go on.</summary>
public sealed class MalformedAnswerTests
{
    private const string Html = "<html><body>Bad gateway</body></html>";

    private static readonly Dictionary<string, Func<HttpContext, string, Task>> Answers = new(StringComparer.Ordinal)
    {
        ["html"] = static (context, _) => SendAsync(context, 200, "text/html", Html),
        ["html with 500"] = static (context, _) => SendAsync(context, 500, "text/html", Html),
        ["html with 404"] = static (context, _) => SendAsync(context, 404, "text/html", Html),
        ["text with 400"] = static (context, _) => SendAsync(context, 400, "text/plain", "no"),
        ["html that says it is json"] = static (context, _) => SendAsync(context, 200, "application/json", Html),
        ["no json"] = static (context, _) => SendAsync(context, 200, "application/json", "{\"jsonrpc\":"),
        ["more than one message"] = static (context, id) =>
            SendAsync(context, 200, "application/json", Message(id) + Message(id)),
        ["an array"] = static (context, id) => SendAsync(context, 200, "application/json", $"[{Message(id)}]"),
        ["another id"] = static (context, _) => SendAsync(context, 200, "application/json", Message("\"another\"")),
        ["no id"] = static (context, _) =>
            SendAsync(context, 200, "application/json", """{"jsonrpc":"2.0","result":{}}"""),
        ["neither result nor error"] = static (context, id) =>
            SendAsync(context, 200, "application/json", $$$"""{"jsonrpc":"2.0","id":{{{id}}}}"""),
        ["no jsonrpc"] = static (context, id) =>
            SendAsync(context, 200, "application/json", $$$"""{"id":{{{id}}},"result":{}}"""),
        ["another jsonrpc"] = static (context, id) =>
            SendAsync(context, 200, "application/json", $$$"""{"jsonrpc":"1.0","id":{{{id}}},"result":{}}"""),
        ["nothing"] = static (context, _) => SendAsync(context, 200, "application/json", ""),
        ["nothing of any type"] = static (_, _) => Task.CompletedTask,
        ["accepted"] = static (context, _) => SendAsync(context, 202, null, ""),
        ["a redirect"] = static (context, _) =>
        {
            context.Response.Headers.Location = "http://127.0.0.1:9/mcp";
            return SendAsync(context, 307, null, "");
        },
        ["compressed"] = static (context, _) =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return SendAsync(context, 200, "application/json", "\u001f not for this reader");
        },
        ["broken off"] = static async (context, id) =>
        {
            context.Response.ContentLength = 1000;
            await SendAsync(context, 200, "application/json", Message(id));
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        },
        ["broken off before it began"] = static (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        },
        ["too large"] = static (context, _) =>
        {
            context.Response.ContentLength = BoundedStream.MaxMessage + 1;
            return SendAsync(context, 200, "application/json", "{\"x\":\"");
        },
    };

    public static TheoryData<string> Names => [.. Answers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_becomes_an_error_that_names_the_target(string name)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = async (context, request) =>
        {
            if (!request.Text.Contains("malformed", StringComparison.Ordinal))
            {
                return false;
            }

            await Answers[name](context, request.Id!);
            return true;
        };
        foreach (
            var (path, tool) in (IEnumerable<(string, string)>)[("/mcp/weather", "echo"), ("/mcp", "weather___echo")]
        )
        {
            var good = client.SendAsync(path, McpRequests.CallTool(tool), host.Token());
            var answer = await client.SendAsync(path, McpRequests.CallTool(tool, "\"malformed\""), host.Token());

            answer.Error.GetProperty("code").GetInt32().ShouldBe(-32002, path + answer.Text);
            answer.Json.GetProperty("id").GetInt32().ShouldBe(7);
            answer.Error.GetProperty("message").GetString()!.ShouldContain("'weather'");
            answer.Text.ShouldNotContain("<html>");
            answer.Headers.Location.ShouldBeNull();
            answer.Status.ShouldNotBe(HttpStatusCode.InternalServerError);
            (await good).Text.ShouldContain("hi");
        }
    }

    [Theory]
    [InlineData("/mcp/weather", "echo")]
    [InlineData("/mcp", "weather___echo")]
    public async Task A_message_without_end_is_broken_off_at_the_limit(string path, string tool)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Target.Override = async (context, request) =>
        {
            if (request.Member("method") is not "\"tools/call\"")
            {
                return false;
            }

            await SendEndlessAsync(context);
            ended.SetResult();
            return true;
        };

        var call = client.SendAsync(path, McpRequests.CallTool(tool), host.Token());
        await ended.Task.SoonAsync();

        if (path == "/mcp")
        {
            (await call).Error.GetProperty("code").GetInt32().ShouldBe(-32002);
        }
        else
        {
            // Of a message that has begun to go to the client, only a broken connection says that it is not whole.
            await Should.ThrowAsync<Exception>(call);
        }
    }

    [Theory]
    [InlineData(404, "text/html", 404)]
    [InlineData(405, null, 405)]
    [InlineData(200, "application/json", 502)]
    [InlineData(500, "text/html", 502)]
    public async Task A_get_that_is_answered_with_something_else_than_a_stream_keeps_a_4xx_and_nothing_more(
        int status,
        string? type,
        int expected
    )
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = async (context, _) =>
        {
            context.Response.Headers.Allow = "POST";
            await SendAsync(context, status, type, type is null ? "" : Html);
            return true;
        };
        using var get = LegacyRequests.Send(HttpMethod.Get, "/mcp/weather", host.Token(), session: null);

        var answer = await client.ReadAsync(get);

        ((int)answer.Status).ShouldBe(expected);
        answer.Text.ShouldNotContain("<html>");
    }

    private static string Message(string id) => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}""";

    private static Task SendAsync(HttpContext context, int status, string? type, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return body.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(body, context.RequestAborted);
    }

    private static async Task SendEndlessAsync(HttpContext context)
    {
        var block = new byte[64 * 1024];
        Array.Fill(block, (byte)'x');
        try
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"x\":\"", context.RequestAborted);
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The reader has had enough.
        }
    }
}
