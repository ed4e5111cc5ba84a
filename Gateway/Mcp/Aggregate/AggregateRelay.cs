using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>
/// Steps 6 to 9 of the aggregate endpoint, as a message filter of the SDK's server: answers lists from the catalogue and hands
/// calls to their targets as JSON, because a typed round trip would drop members that the SDK does not know.
/// </summary>
internal sealed class AggregateRelay(AggregateLists lists, TargetCall calls)
{
    /// <summary>Wraps the SDK's own handling, which answers everything that is not relayed.</summary>
    public McpMessageHandler Wrap(McpMessageHandler next) =>
        (context, cancel) =>
            context.JsonRpcMessage switch
            {
                JsonRpcRequest { Method: RequestMethods.ToolsList } request => ListAsync(context, request, cancel),
                JsonRpcRequest { Method: RequestMethods.ToolsCall } request => CallAsync(context, request, cancel),
                _ => next(context, cancel),
            };

    private Task ListAsync(MessageContext context, JsonRpcRequest request, CancellationToken cancel) =>
        RespondAsync(context, request, lists.Tools(CurrentRequest.Of(context).Caller, IsModern(request)), cancel);

    private async Task CallAsync(MessageContext context, JsonRpcRequest request, CancellationToken cancel)
    {
        var mcp = CurrentRequest.Of(context).Request;
        var parameters =
            request.Params as JsonObject
            ?? throw new McpProtocolException("params is missing.", McpErrorCode.InvalidParams);
        parameters["name"] = mcp.Tool;
        var progressToken = TakeCallerMeta(parameters);

        var result = await calls.SendAsync(
            mcp,
            parameters,
            progressToken is null ? null : progress => RelayProgressAsync(context, progressToken, progress, cancel),
            cancel
        );
        if (IsModern(request) && result is JsonObject answer && !answer.ContainsKey("resultType"))
        {
            answer["resultType"] = "complete";
        }

        await RespondAsync(context, request, result, cancel);
    }

    // What the client said about itself and its trace is replaced by what the gateway says about itself on its own connection.
    private static JsonNode? TakeCallerMeta(JsonObject parameters)
    {
        if (parameters["_meta"] is not JsonObject meta)
        {
            return null;
        }

        var token = meta["progressToken"]?.DeepClone();
        foreach (var name in meta.Select(static member => member.Key).ToList())
        {
            if (
                name is "progressToken" or "traceparent" or "tracestate" or "baggage"
                || name.StartsWith("io.modelcontextprotocol/", StringComparison.Ordinal)
            )
            {
                meta.Remove(name);
            }
        }

        return token;
    }

    private static Task RelayProgressAsync(
        MessageContext context,
        JsonNode token,
        JsonObject progress,
        CancellationToken cancel
    )
    {
        progress["progressToken"] = token.DeepClone();
        return context.Server.SendMessageAsync(
            new JsonRpcNotification { Method = NotificationMethods.ProgressNotification, Params = progress },
            cancel
        );
    }

    private static Task RespondAsync(
        MessageContext context,
        JsonRpcRequest request,
        JsonNode? result,
        CancellationToken cancel
    ) => context.Server.SendMessageAsync(new JsonRpcResponse { Id = request.Id, Result = result }, cancel);

    private static bool IsModern(JsonRpcRequest request) => ListResult.IsModern(request.Context?.ProtocolVersion);
}
