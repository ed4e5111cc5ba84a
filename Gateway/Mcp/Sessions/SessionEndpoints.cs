using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Aggregate.Conversation;
using AspireGateway.Gateway.Mcp.Aggregate.Feeds;
using AspireGateway.Gateway.Mcp.Limits;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Mcp.Sessions;

/// <summary>
/// GET and DELETE of a session that the gateway itself started: the stream on which it tells a client that a consent was given, and on
/// the aggregate endpoint what has changed at its targets; and the end of the session.
/// </summary>
internal sealed class SessionEndpoints(
    ClientSessions sessions,
    ClientFeeds feeds,
    IChangeFeed feed,
    Drain drain,
    TimeProvider time
)
{
    // Proxies close silent connections; clients notice a lost one.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(25);

    public async Task HandleAsync(HttpContext context, FoundSession? session)
    {
        if (session is null)
        {
            // Without a session there is nothing to listen to (MCP: 405 when the server offers no stream).
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = HttpMethods.Post;
        }
        else if (HttpMethods.IsDelete(context.Request.Method))
        {
            await sessions.EndAsync(session.Id, context.RequestAborted);
            await feed.PublishAsync(
                ClientSettings.SubscriptionsTopic,
                ClientSessions.TagOf(session.Id),
                context.RequestAborted
            );
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            await StreamAsync(context, session);
        }
    }

    private async Task StreamAsync(HttpContext context, FoundSession session)
    {
        using var over = new CancellationTokenSource(TimeLeftOf(session), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            drain.StreamsEnd,
            over.Token
        );
        var cancel = end.Token;
        var isAggregate = session.Session.Target is null;
        using var stream = feeds.Open(context.GetCaller()!, _ => isAggregate);
        using var turn = new SemaphoreSlim(1, 1);
        stream.Follow(session.Session.Subscriptions);
        using var answers = feed.Subscribe(ConsentRequests.AnsweredTopic, id => TellAnswered(stream, session, id));
        using var changes = feed.Subscribe(
            ClientSettings.SubscriptionsTopic,
            tag =>
            {
                if (tag.Length == 0 || tag == ClientSessions.TagOf(session.Id))
                {
                    _ = FollowAsync(stream, session, turn, over, cancel);
                }
            }
        );

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // What was followed since the session was read.
        await FollowAsync(stream, session, turn, over, cancel);
        try
        {
            await context.Response.WriteAsync(": open\n\n", cancel);
            await context.Response.Body.FlushAsync(cancel);
            while (!cancel.IsCancellationRequested)
            {
                await context.Response.WriteAsync(await NextAsync(stream, cancel), cancel);
                await context.Response.Body.FlushAsync(cancel);
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The stream ends as one does: with its session, or for the client to open another one elsewhere.
        }
    }

    private TimeSpan TimeLeftOf(FoundSession session) =>
        session.Record.ExpiresAt - time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    // MCP 2025-11-25, elicitation: the client may repeat what it asked for.
    private static void TellAnswered(ClientFeed stream, FoundSession session, string id)
    {
        if (id.StartsWith(ClientSessions.TagOf(session.Id), StringComparison.Ordinal))
        {
            stream.Tell(MetaNames.ElicitationComplete, id, new JsonObject { ["elicitationId"] = id });
        }
    }

    // One after the other: what was read first must not take the place of what was read later.
    private async Task FollowAsync(
        ClientFeed stream,
        FoundSession session,
        SemaphoreSlim turn,
        CancellationTokenSource over,
        CancellationToken cancel
    )
    {
        try
        {
            await turn.WaitAsync(cancel);
            try
            {
                if (await sessions.FindAgainAsync(session, cancel) is { } found)
                {
                    stream.Follow(found.Session.Subscriptions);
                }
                else
                {
                    await over.CancelAsync();
                }
            }
            finally
            {
                turn.Release();
            }
        }
        catch (Exception exception)
            when (exception is VaultUnavailableException or OperationCanceledException or ObjectDisposedException)
        {
            // The feed tells again when the database is back; a client that has left needs nothing.
        }
    }

    private async Task<string> NextAsync(ClientFeed stream, CancellationToken cancel)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var timer = time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(),
            silence,
            KeepAlive,
            Timeout.InfiniteTimeSpan
        );
        try
        {
            var notification = await stream.NextAsync(silence.Token);
            return $"event: message\ndata: {notification.ToJsonString()}\n\n";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ": still here\n\n";
        }
    }
}
