using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Aggregate.Feeds;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using AspireGateway.Gateway.Vault;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>What clients of older revisions say in messages of their own about other requests of their session.</summary>
internal sealed class ClientSettings(
    ClientSessions sessions,
    RunningCalls running,
    TargetCatalogue catalogue,
    IChangeFeed feed
)
{
    /// <summary><c>resources/subscribe</c> and <c>resources/unsubscribe</c>: kept in the session; who has its stream follows.</summary>
    public async Task SubscribeAsync(ClientRequest current)
    {
        var uri =
            current.Request.Name
            ?? throw new McpProtocolException("params.uri is missing.", McpErrorCode.InvalidParams);
        var isMore = current.Request.Method is RequestMethods.ResourcesSubscribe;
        if (current.Session is not { } session)
        {
            throw new McpProtocolException(
                "Subscriptions need a session. Send initialize first.",
                McpErrorCode.InvalidRequest
            );
        }

        if (isMore && !CanSubscribe(current.Request.Target!.Value))
        {
            throw new McpProtocolException(
                $"Target '{current.Request.Target}' does not tell about changes of its resources.",
                McpErrorCode.MethodNotFound
            );
        }

        if (isMore && session.Session.Subscriptions.Count >= ClientFeeds.MaxResources)
        {
            throw new McpProtocolException(
                $"A session follows {ClientFeeds.MaxResources} resources at most.",
                McpErrorCode.InvalidRequest
            );
        }

        await sessions.ChangeAsync(
            session,
            known =>
                known with
                {
                    Subscriptions = isMore
                        ? [.. known.Subscriptions.Union([uri], StringComparer.Ordinal)]
                        : [.. known.Subscriptions.Where(other => other != uri)],
                },
            current.Left
        );
        await feed.PublishAsync(SubscriptionsTopic, ClientSessions.TagOf(session.Id), current.Left);
        await AnswerAsync(current);
    }

    /// <summary>Topic on which the replica with a session's stream hears that its subscriptions have changed, or that it is over.</summary>
    public const string SubscriptionsTopic = "session-subscriptions";

    /// <summary><c>logging/setLevel</c>: kept in the session, for every replica.</summary>
    public async Task SetLevelAsync(ClientRequest current)
    {
        var level = current.Parameters.TextOf("level");
        if (!LogLevels.IsKnown(level))
        {
            throw new McpProtocolException("params.level is no log level.", McpErrorCode.InvalidParams);
        }

        if (current.Session is { } session)
        {
            await sessions.ChangeAsync(session, known => known with { LogLevel = level }, current.Left);
        }

        await AnswerAsync(current);
    }

    /// <summary><c>notifications/cancelled</c>: cancels the client's own call, and no other of the same id.</summary>
    public Task CancelAsync(FoundSession session, JsonObject parameters) =>
        parameters["requestId"] is JsonValue requestId
            ? running.CancelAsync(session, requestId.ToString())
            : Task.CompletedTask;

    private bool CanSubscribe(TargetName target) =>
        catalogue.Get(target).Contents.Server is not { } server
        || (
            server.Capabilities["resources"]?["subscribe"] is JsonValue value
            && value.TryGetValue(out bool says)
            && says
        );

    private static Task AnswerAsync(ClientRequest current) =>
        current.Response.AnswerAsync(new JsonObject { ["result"] = new JsonObject() }, current.Left);
}
