using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Targets.Catalogue;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>
/// Steps 6 to 9 of the aggregate endpoint, as a message filter of the SDK's server: answers lists from the catalogue and hands
/// calls to their targets as JSON, because a typed round trip would drop members that the SDK does not know.
/// </summary>
internal sealed class AggregateRelay(
    AggregateLists lists,
    TargetCall calls,
    ConnectedCall connected,
    RelayedNames names
)
{
    /// <summary>Wraps the SDK's own handling, which answers everything that is not relayed.</summary>
    public McpMessageHandler Wrap(McpMessageHandler next) =>
        (context, cancel) =>
            context.JsonRpcMessage switch
            {
                JsonRpcRequest
                {
                    Method: RequestMethods.ToolsCall
                        or RequestMethods.PromptsGet
                        or RequestMethods.ResourcesRead
                        or RequestMethods.CompletionComplete
                } request => CallAsync(context, request, cancel),
                JsonRpcRequest request when ListKind.Of(request.Method) is { } kind => ListAsync(
                    context,
                    request,
                    kind,
                    cancel
                ),
                _ => next(context, cancel),
            };

    private async Task ListAsync(
        MessageContext context,
        JsonRpcRequest request,
        ListKind kind,
        CancellationToken cancel
    )
    {
        var caller = CurrentRequest.Of(context).Caller;
        var cursor = ListCursor.In(request.Params);
        var page = await lists.PageAsync(kind, caller, cursor, IsModern(request), cancel);
        await RespondAsync(context, request, page, cancel);
    }

    private async Task CallAsync(MessageContext context, JsonRpcRequest request, CancellationToken cancel)
    {
        var current = CurrentRequest.Of(context);
        var parameters =
            request.Params as JsonObject
            ?? throw new McpProtocolException("params is missing.", McpErrorCode.InvalidParams);
        RelayedNames.ToTarget(current.Request, parameters);
        var progressToken = TakeCallerMeta(parameters);
        Func<JsonObject, Task>? onProgress = progressToken is null
            ? null
            : progress => RelayProgressAsync(context, progressToken, progress, cancel);

        var reply = await connected.SendAsync(
            current,
            sender => calls.SendAsync(current.Request, ForTarget(parameters), sender, onProgress, cancel),
            cancel
        );
        names.FromTarget(current.Request, reply.Result);
        await RespondAsync(context, request, reply, cancel);
    }

    // A copy, because a refused call is sent again; without what was a matter between client and gateway.
    private static JsonObject ForTarget(JsonObject parameters)
    {
        var copy = (JsonObject)parameters.DeepClone();
        if (RequestStates.IsOurs(copy))
        {
            Passage.RemoveAnswer(copy);
        }

        return copy;
    }

    private static Task RespondAsync(
        MessageContext context,
        JsonRpcRequest request,
        CalledResult called,
        CancellationToken cancel
    )
    {
        if (called.Reply?.Error is { } error)
        {
            return context.Server.SendMessageAsync(
                new JsonRpcError
                {
                    Id = request.Id,
                    Error = new JsonRpcErrorDetail
                    {
                        Code = error["code"]!.GetValue<int>(),
                        Message = error["message"]!.GetValue<string>(),
                        Data = error["data"],
                    },
                },
                cancel
            );
        }

        var result = called.Reply is { } reply ? reply.Result : called.Result;
        if (IsModern(request) && result is JsonObject answer && !answer.ContainsKey("resultType"))
        {
            answer["resultType"] = "complete";
        }

        return RespondAsync(context, request, result, cancel);
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
