using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Catalogue;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway.Targets.Upstream.Listening;

/// <summary>
/// Listens to one target, for everybody or for one person, as long as there is something to hear: lists that the target declares to change,
/// and the resources that somebody follows. Taken up again when it breaks.
/// </summary>
internal sealed class UpstreamListener(
    Target target,
    UserId? user,
    Func<CancellationToken, Task<UpstreamConnection?>> connect,
    TargetNotifications notifications,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _changing = new();
    private ImmutableDictionary<string, int> _followers = ImmutableDictionary.Create<string, int>(
        StringComparer.Ordinal
    );
    private TaskCompletionSource _changed = NewChange();

    /// <summary>How many resources are followed.</summary>
    public int Count => _followers.Count;

    /// <summary>One more, or one fewer, follows a resource.</summary>
    public void Follow(string uri, int more)
    {
        lock (_changing)
        {
            var followers = _followers.GetValueOrDefault(uri) + more;
            var isNews = followers == 0 || (followers == 1 && more == 1);
            _followers = followers == 0 ? _followers.Remove(uri) : _followers.SetItem(uri, followers);
            if (isNews)
            {
                _changed.TrySetResult();
                _changed = NewChange();
            }
        }
    }

    /// <summary>Listens until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var pause = FirstPause;
        while (!cancel.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            try
            {
                await ListenAsync(cancel);
            }
            catch (Exception exception) when (CatalogueReader.IsTargetFailure(exception, cancel))
            {
                logger.ListeningFailed(target.Name, exception.Message);
            }

            pause = time.GetElapsedTime(started) > LongestPause ? FirstPause : pause;
            await Task.Delay(pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // Until the target ends the stream, or it breaks.
    private async Task ListenAsync(CancellationToken cancel)
    {
        ListeningStream? stream = null;
        try
        {
            while (true)
            {
                var (uris, changed) = Wanted();
                stream = await FollowAsync(stream, uris, cancel);
                if (
                    stream is not null
                    && await Task.WhenAny(stream.Ended, changed) == stream.Ended
                    && await stream.Ended
                )
                {
                    return;
                }

                // There is nothing to hear, or no such stream, which may be different with other resources.
                await changed.WaitAsync(cancel);
            }
        }
        finally
        {
            await EndAsync(stream);
        }
    }

    // The stream that tells about these resources; null when there is nothing to hear. The former one is ended, unless it is the same.
    private async Task<ListeningStream?> FollowAsync(
        ListeningStream? former,
        IReadOnlyCollection<string> uris,
        CancellationToken cancel
    )
    {
        var connection = await connect(cancel);
        if (former is { IsModern: false, Ended.IsCompleted: false } && former.Connection == connection)
        {
            await TellAsync(former, uris, former.Uris, cancel);
            return former;
        }

        if (
            connection is null
            || ListsThatChange(await connection.DescribeAsync(cancel)) is var lists && lists.Count + uris.Count == 0
        )
        {
            await EndAsync(former);
            return null;
        }

        var next = await ListeningStream.StartAsync(connection, uris, lists, former, Raise, cancel);
        try
        {
            if (!next.IsModern)
            {
                await TellAsync(next, uris, [], cancel);
            }
            else if (former is { IsHeard: true })
            {
                // What changes until the target tells on the new stream, it tells on the former one.
                await next.UntilHeardAsync(Patience, time, cancel)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch
        {
            await EndAsync(next);
            throw;
        }

        await EndAsync(former);
        return next;
    }

    private static ValueTask EndAsync(ListeningStream? stream) => stream?.DisposeAsync() ?? ValueTask.CompletedTask;

    // A target of an older revision hears of each resource in a request of its own, while the stream stays.
    private async Task TellAsync(
        ListeningStream stream,
        IReadOnlyCollection<string> wanted,
        IReadOnlyCollection<string> known,
        CancellationToken cancel
    )
    {
        stream.Uris = wanted;
        foreach (var uri in wanted.Except(known, StringComparer.Ordinal))
        {
            if (await TryTellAsync(stream, RequestMethods.ResourcesSubscribe, uri, cancel))
            {
                stream.LookAgainAt([uri]);
            }
        }

        foreach (var uri in known.Except(wanted, StringComparer.Ordinal))
        {
            await TryTellAsync(stream, RequestMethods.ResourcesUnsubscribe, uri, cancel);
        }
    }

    private async Task<bool> TryTellAsync(ListeningStream stream, string method, string uri, CancellationToken cancel)
    {
        try
        {
            await stream.Connection.SendAsync(method, new JsonObject { ["uri"] = uri }, cancel);
            return true;
        }
        catch (McpProtocolException exception)
        {
            // A resource that the target does not know must not keep anybody from hearing of the others.
            logger.FollowingRefused(target.Name, method, exception.Message);
            return false;
        }
    }

    private void Raise(string method, string? uri)
    {
        if (
            ListKind.ChangedBy(method).Count > 0
            || (method is NotificationMethods.ResourceUpdatedNotification && uri is not null)
        )
        {
            notifications.Raise(new TargetNotification(target, user, method, uri));
        }
    }

    private (IReadOnlyCollection<string> Uris, Task Changed) Wanted()
    {
        lock (_changing)
        {
            return ([.. _followers.Keys], _changed.Task);
        }
    }

    private static IReadOnlyCollection<string> ListsThatChange(ServerDescription server) =>
        [
            .. ListKind
                .All.Where(kind =>
                    server.Capabilities[kind.Capability]?["listChanged"] is JsonValue value
                    && value.TryGetValue(out bool says)
                    && says
                )
                .Select(static kind => kind.Notification)
                .Distinct(StringComparer.Ordinal),
        ];

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
