using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Aggregate.Conversation;
using AspireGateway.Gateway.Mcp.Aggregate.Feeds;
using AspireGateway.Gateway.Targets.Catalogue;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>
/// Steps 6 to 9 of the aggregate endpoint, as a message filter of the SDK's server: answers lists from the catalogue and hands
/// calls to their targets as JSON, because a typed round trip would drop members that the SDK does not know.
/// </summary>
internal sealed class AggregateRelay(
    AggregateLists lists,
    RelayedCalls calls,
    ClientSettings settings,
    ListenRequests listening
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
                } request => calls.HandleAsync(context, request, cancel),
                JsonRpcRequest { Method: RequestMethods.SubscriptionsListen } request => listening.HandleAsync(
                    context,
                    request,
                    cancel
                ),
                JsonRpcRequest
                {
                    Method: RequestMethods.ResourcesSubscribe or RequestMethods.ResourcesUnsubscribe
                } request => settings.SubscribeAsync(context, request, cancel),
                JsonRpcRequest { Method: MetaNames.SetLevel } request => settings.SetLevelAsync(
                    context,
                    request,
                    cancel
                ),
                JsonRpcRequest request when ListKind.Of(request.Method) is { } kind => ListAsync(
                    context,
                    request,
                    kind,
                    cancel
                ),
                JsonRpcNotification { Method: NotificationMethods.CancelledNotification } notification =>
                    settings.CancelAsync(context, notification),
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
        var isModern = McpRevisions.IsModern(request.Context?.ProtocolVersion);
        var page = await lists.PageAsync(kind, caller, cursor, isModern, cancel);
        await AggregateAnswers.SendAsync(context, request, new JsonObject { ["result"] = page }, isModern, cancel);
    }
}
