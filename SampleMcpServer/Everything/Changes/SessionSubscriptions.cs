using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything.Changes;

/// <summary>
/// Which sessions of older clients watch the resource. They are told on their GET stream. Lists need nothing here: the SDK tells
/// each session when one changes.
/// </summary>
internal sealed class SessionSubscriptions(WatchedResource watched, ILogger<SessionSubscriptions> logger)
{
    private readonly ConcurrentDictionary<string, bool> _watching = new(StringComparer.Ordinal);

    /// <summary>Runs a session; while it lives, it is told of changes if it has subscribed.</summary>
    public async Task RunAsync(HttpContext context, McpServer server, CancellationToken cancellationToken)
    {
        if (server.SessionId is not { } id)
        {
            await server.RunAsync(cancellationToken);
            return;
        }

        watched.Changed += Tell;
        try
        {
            await server.RunAsync(cancellationToken);
        }
        finally
        {
            watched.Changed -= Tell;
            _watching.TryRemove(id, out _);
        }

        void Tell(object? sender, EventArgs e)
        {
            if (_watching.ContainsKey(id))
            {
                _ = TellAsync(server, cancellationToken);
            }
        }
    }

    /// <summary>Handles <c>resources/subscribe</c>.</summary>
    public static ValueTask<EmptyResult> SubscribeAsync(
        RequestContext<SubscribeRequestParams> request,
        CancellationToken cancellationToken
    )
    {
        if (request.Params.Uri is WatchedResource.Uri && request.Server.SessionId is { } id)
        {
            Of(request)._watching[id] = true;
        }

        return ValueTask.FromResult(new EmptyResult());
    }

    /// <summary>Handles <c>resources/unsubscribe</c>.</summary>
    public static ValueTask<EmptyResult> UnsubscribeAsync(
        RequestContext<UnsubscribeRequestParams> request,
        CancellationToken cancellationToken
    )
    {
        if (request.Params.Uri is WatchedResource.Uri && request.Server.SessionId is { } id)
        {
            Of(request)._watching.TryRemove(id, out _);
        }

        return ValueTask.FromResult(new EmptyResult());
    }

    private static SessionSubscriptions Of(MessageContext request) =>
        request.Services!.GetRequiredService<SessionSubscriptions>();

    private async Task TellAsync(McpServer server, CancellationToken cancellationToken)
    {
        try
        {
            await server.SendNotificationAsync(
                NotificationMethods.ResourceUpdatedNotification,
                new ResourceUpdatedNotificationParams { Uri = WatchedResource.Uri },
                cancellationToken: cancellationToken
            );
        }
        // A session that ends meanwhile must not disturb the others.
        catch (Exception failure)
        {
            Log.NotTold(logger, failure);
        }
    }
}
