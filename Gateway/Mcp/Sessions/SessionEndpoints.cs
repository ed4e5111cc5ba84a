using System.Text.Json.Nodes;
using System.Threading.Channels;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Mcp.Sessions;

/// <summary>
/// GET and DELETE of a session that the gateway itself started: the stream on which it tells a client that a consent was given, and
/// the end of the session.
/// </summary>
internal sealed class SessionEndpoints(ClientSessions sessions, IChangeFeed feed, TimeProvider time)
{
    private const int MaxWaiting = 100;

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
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            await StreamAsync(context, session);
        }
    }

    private async Task StreamAsync(HttpContext context, FoundSession session)
    {
        var answered = Channel.CreateBounded<string>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        var tag = ClientSessions.TagOf(session.Id);
        using var subscription = feed.Subscribe(
            ConsentRequests.AnsweredTopic,
            id =>
            {
                if (id.StartsWith(tag, StringComparison.Ordinal))
                {
                    answered.Writer.TryWrite(id);
                }
            }
        );

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var cancel = context.RequestAborted;
        await context.Response.WriteAsync(": open\n\n", cancel);
        await context.Response.Body.FlushAsync(cancel);
        while (!cancel.IsCancellationRequested)
        {
            await context.Response.WriteAsync(await NextAsync(answered.Reader, cancel), cancel);
            await context.Response.Body.FlushAsync(cancel);
        }
    }

    private async Task<string> NextAsync(ChannelReader<string> answered, CancellationToken cancel)
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
            return Event(await answered.ReadAsync(silence.Token));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ": still here\n\n";
        }
    }

    // MCP 2025-11-25, elicitation: the client may repeat what it asked for.
    private static string Event(string elicitationId)
    {
        var notification = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["method"] = "notifications/elicitation/complete",
            ["params"] = new JsonObject { ["elicitationId"] = elicitationId },
        };
        return $"event: message\ndata: {notification.ToJsonString()}\n\n";
    }
}
