using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Upstream;
using ModelContextProtocol;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>Reads the tools of a target over one of its connections.</summary>
internal sealed class ToolReader(ILogger<ToolReader> logger)
{
    /// <summary>More tools than this of one target are not listed.</summary>
    public const int MaxTools = 1000;

    /// <summary>Reads all of them, page by page.</summary>
    public async Task<List<JsonObject>> ReadAsync(UpstreamConnection connection, CancellationToken cancel)
    {
        var tools = new List<JsonObject>();
        string? cursor = null;
        do
        {
            var parameters = cursor is null ? [] : new JsonObject { ["cursor"] = cursor };
            var result = await connection.SendAsync("tools/list", parameters, onProgress: null, cancel);
            tools.AddRange((result?["tools"] as JsonArray ?? []).OfType<JsonObject>().Where(IsUsable));
            cursor = (result?["nextCursor"] as JsonValue)?.GetValue<string>();
        } while (cursor is not null && tools.Count < MaxTools);

        if (tools.Count > MaxTools)
        {
            logger.TooManyTools(connection.Target.Name, MaxTools);
            tools.RemoveRange(MaxTools, tools.Count - MaxTools);
        }

        return tools;
    }

    /// <summary>Whether an exception says that a target did not answer as it should.</summary>
    public static bool IsTargetFailure(Exception exception, CancellationToken cancel) =>
        exception
            is McpException
                or HttpRequestException
                or IOException
                or TimeoutException
                or InvalidOperationException
                or JsonException
        || (exception is OperationCanceledException && !cancel.IsCancellationRequested);

    /// <summary>What went wrong; the innermost exception knows it best where a host is forbidden.</summary>
    public static string Describe(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is ForbiddenAddressException)
            {
                return inner.Message;
            }
        }

        return exception.Message;
    }

    private static bool IsUsable(JsonObject tool) =>
        tool["name"] is JsonValue value && value.TryGetValue(out string? name) && name.Length > 0;
}
