using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Catalogue;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway.Mcp.Aggregate.Feeds;

/// <summary><c>subscriptions/listen</c> (2026-07-28): a request whose response is the stream of what its client wants to hear.</summary>
internal sealed class ListenRequests(
    ClientFeeds feeds,
    IHostApplicationLifetime host,
    IOptions<McpOptions> options,
    TimeProvider time
)
{
    private static readonly (string Member, string Capability)[] Lists =
    [
        ("toolsListChanged", "tools"),
        ("promptsListChanged", "prompts"),
        ("resourcesListChanged", "resources"),
    ];

    /// <summary>
    /// Answers the request: what is granted first, then each notification, until the client leaves or the gateway stops. Not longer than a
    /// session lives, so that its sender has to prove again who they are.
    /// </summary>
    public async Task HandleAsync(ClientRequest current)
    {
        var wanted = current.Parameters["notifications"] as JsonObject ?? [];
        using var feed = feeds.Open(current.Caller, kind => Wants(wanted, kind));
        using var longest = new CancellationTokenSource(options.Value.SessionLifetime, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            current.Left,
            host.ApplicationStopping,
            longest.Token
        );

        var granted = new JsonObject();
        foreach (var (member, _) in Lists.Where(list => IsTrue(wanted[list.Member])))
        {
            granted[member] = true;
        }

        if (feed.Follow([.. Uris(wanted)]) is { Count: > 0 } followed)
        {
            granted["resourceSubscriptions"] = new JsonArray([.. followed.Select(static uri => JsonValue.Create(uri))]);
        }

        try
        {
            await SendAsync(
                current,
                NotificationMethods.SubscriptionsAcknowledgedNotification,
                new JsonObject { ["notifications"] = granted }
            );
            while (true)
            {
                var told = await feed.NextAsync(end.Token);
                await SendAsync(current, told["method"]!.GetValue<string>(), told["params"]?.DeepClone() as JsonObject);
            }
        }
        catch (OperationCanceledException) when (!current.Left.IsCancellationRequested)
        {
            await current.Response.AnswerAsync(new JsonObject { ["result"] = new JsonObject() }, current.Left);
        }
    }

    private static Task SendAsync(ClientRequest current, string method, JsonObject? parameters)
    {
        parameters ??= [];
        parameters["_meta"] = new JsonObject { [McpMeta.SubscriptionId] = JsonNode.Parse(current.Request.Id.Span) };
        return current.Response.NotifyAsync(method, parameters, current.Left);
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
