using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AspireGateway.Bench;

/// <summary>An MCP server that costs next to nothing: reads the message, answers with a prepared result.</summary>
internal static class BenchTarget
{
    private const int Events = 1000;
    private const int BigSize = 100_000;

    private const string Tools =
        """{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{"name":"echo","inputSchema":{"type":"object"}}]}""";
    private const string Discover =
        """{"resultType":"complete","supportedVersions":["2026-07-28","2025-11-25"],"capabilities":{"tools":{}},"serverInfo":{"name":"bench","version":"1"},"ttlMs":0,"cacheScope":"private"}""";

    private static readonly string Small = Result("It is 21 degrees in Lisbon.");
    private static readonly string Large = Result(new string('x', BigSize));

    // Longer than any way needs to pass the event on.
    private static readonly TimeSpan BetweenEventAndAnswer = TimeSpan.FromMilliseconds(10);

    public static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        app.MapPost("/mcp", AnswerAsync);
        await app.RunAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        using var message = await JsonDocument.ParseAsync(
            context.Request.Body,
            cancellationToken: context.RequestAborted
        );
        if (!message.RootElement.TryGetProperty("id", out var id))
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var tool = message.RootElement.GetProperty("method").GetString() switch
        {
            "server/discover" or "tools/list" => null,
            _ => message.RootElement.GetProperty("params").GetProperty("name").GetString(),
        };
        if (tool is Calls.Stream or Calls.First)
        {
            var token = message.RootElement.GetProperty("params").GetProperty("_meta").GetProperty("progressToken");
            await StreamAsync(context, id.GetRawText(), token.GetRawText(), tool);
            return;
        }

        var result = message.RootElement.GetProperty("method").GetString() switch
        {
            "server/discover" => Discover,
            "tools/list" => Tools,
            _ => tool is Calls.Big ? Large : Small,
        };
        var body = Answer(id.GetRawText(), result);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext context, string id, string token, string tool)
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < (tool is Calls.Stream ? Events : 1); i++)
        {
            // The time of this machine's monotonic clock, which all processes share.
            var message = tool is Calls.First ? LoadConnection.SentAt + Now() + "\"" : "";
            await context.Response.WriteAsync(
                $$$"""event: message{{{"\n"}}}data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":{{{i}}}{{{message}}}}}{{{"\n\n"}}}""",
                context.RequestAborted
            );
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        if (tool is Calls.First)
        {
            await Task.Delay(BetweenEventAndAnswer, context.RequestAborted);
        }

        await context.Response.WriteAsync($"event: message\ndata: {Answer(id, Small)}\n\n", context.RequestAborted);
    }

    private static string Now() => Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture);

    private static string Answer(string id, string result) => $$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}}}""";

    private static string Result(string text) =>
        $$"""{"resultType":"complete","content":[{"type":"text","text":"{{text}}"}]}""";
}
