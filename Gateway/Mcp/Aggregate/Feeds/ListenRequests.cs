using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Catalogue;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.Gateway.Mcp.Aggregate.Feeds;

/// <summary><c>subscriptions/listen</c> (2026-07-28): a request whose response is the stream of what its client wants to hear.</summary>
internal sealed class ListenRequests(ClientFeeds feeds, IHostApplicationLifetime host)
{
    private static readonly (string Member, string Capability)[] Lists =
    [
        ("toolsListChanged", "tools"),
        ("promptsListChanged", "prompts"),
        ("resourcesListChanged", "resources"),
    ];

    /// <summary>Answers the request: what is granted first, then each notification, until the client leaves or the gateway stops.</summary>
    public async Task HandleAsync(MessageContext context, JsonRpcRequest request, CancellationToken cancel)
    {
        var wanted = request.Params?["notifications"] as JsonObject ?? [];
        var caller = CurrentRequest.Of(context).Caller;
        using var feed = feeds.Open(caller, kind => Wants(wanted, kind));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, host.ApplicationStopping);

        var granted = new JsonObject();
        foreach (var (member, _) in Lists.Where(list => IsTrue(wanted[list.Member])))
        {
            granted[member] = true;
        }

        if (feed.Follow([.. Uris(wanted)]) is { Count: > 0 } followed)
        {
            granted["resourceSubscriptions"] = new JsonArray([.. followed.Select(static uri => JsonValue.Create(uri))]);
        }

        var id = request.Id;
        try
        {
            await SendAsync(
                context,
                id,
                NotificationMethods.SubscriptionsAcknowledgedNotification,
                new JsonObject { ["notifications"] = granted },
                cancel
            );
            while (true)
            {
                var told = await feed.NextAsync(end.Token);
                await SendAsync(context, id, told["method"]!.GetValue<string>(), told["params"] as JsonObject, cancel);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var over = new JsonObject { ["result"] = new JsonObject() };
            await AggregateAnswers.SendAsync(context, request, over, isModern: true, cancel);
        }
    }

    private static Task SendAsync(
        MessageContext context,
        RequestId id,
        string method,
        JsonObject? parameters,
        CancellationToken cancel
    )
    {
        var copy = parameters?.DeepClone() as JsonObject ?? [];
        copy["_meta"] = new JsonObject
        {
            [McpMeta.SubscriptionId] = id.Id is long number
                ? JsonValue.Create(number)
                : JsonValue.Create(id.ToString()),
        };
        return context.Server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = copy }, cancel);
    }

    private static bool Wants(JsonObject wanted, ListKind kind) =>
        Lists.Any(list => list.Capability == kind.Capability && IsTrue(wanted[list.Member]));

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static IEnumerable<string> Uris(JsonObject wanted) =>
        (wanted["resourceSubscriptions"] as JsonArray ?? [])
            .OfType<JsonValue>()
            .Select(static value => value.TryGetValue(out string? uri) ? uri : "")
            .Where(static uri => uri.Length > 0);
}
