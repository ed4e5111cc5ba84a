using System.Text.Json;

namespace AspireGateway.Bench;

/// <summary>An MCP server that costs next to nothing: reads the message, answers with a small result.</summary>
internal static class BenchTarget
{
    private const string Tools =
        """{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{"name":"echo","inputSchema":{"type":"object"}}]}""";
    private const string Discover =
        """{"resultType":"complete","supportedVersions":["2026-07-28","2025-11-25"],"capabilities":{"tools":{}},"serverInfo":{"name":"bench","version":"1"},"ttlMs":0,"cacheScope":"private"}""";
    private const string Result =
        """{"resultType":"complete","content":[{"type":"text","text":"It is 21 degrees in Lisbon."}]}""";

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

        var result = message.RootElement.GetProperty("method").GetString() switch
        {
            "server/discover" => Discover,
            "tools/list" => Tools,
            _ => Result,
        };
        var body = $$"""{"jsonrpc":"2.0","id":{{id.GetRawText()}},"result":{{result}}}""";
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }
}
