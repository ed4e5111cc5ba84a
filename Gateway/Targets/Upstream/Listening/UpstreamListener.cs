using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Upstream.Wire;
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
) : ICallListener
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly Lock _changing = new();
    private ImmutableDictionary<string, int> _followers = ImmutableDictionary.Create<string, int>(
        StringComparer.Ordinal
    );
    private TaskCompletionSource _changed = NewChange();

    // Resources that the stream of now is to tell about, and those that the target has been asked for without a break since.
    private IReadOnlyCollection<string> _wanted = [];
    private IReadOnlyCollection<string> _heard = [];

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
            try
            {
                var started = time.GetTimestamp();
                if (await ListenOnceAsync(cancel))
                {
                    pause = FirstPause;
                    continue;
                }

                pause = time.GetElapsedTime(started) > LongestPause ? FirstPause : pause;
            }
            catch (Exception exception) when (CatalogueReader.IsTargetFailure(exception, cancel))
            {
                logger.ListeningFailed(target.Name, exception.Message);
            }

            _heard = [];
            await Task.Delay(pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    public ValueTask OnNotificationAsync(string method, JsonObject? parameters, CancellationToken cancel)
    {
        if (method is NotificationMethods.SubscriptionsAcknowledgedNotification)
        {
            LookAgainAt(_wanted.Except(_heard, StringComparer.Ordinal));
            _heard = _wanted;
            return ValueTask.CompletedTask;
        }

        var uri = parameters?["uri"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        if (
            ListKind.ChangedBy(method).Count > 0
            || (method is NotificationMethods.ResourceUpdatedNotification && uri is not null)
        )
        {
            notifications.Raise(new TargetNotification(target, user, method, uri));
        }

        return ValueTask.CompletedTask;
    }

    // True when something else is followed now, false when the target has ended the stream.
    private async Task<bool> ListenOnceAsync(CancellationToken cancel)
    {
        var (uris, changed) = Wanted();
        if (
            await connect(cancel) is not { } connection
            || (uris.Count == 0 && !SaysWhenListsChange(await connection.DescribeAsync(cancel)))
        )
        {
            await changed.WaitAsync(cancel);
            return true;
        }

        using var round = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var isModern = await connection.IsModernAsync(cancel);
        _wanted = uris;
        var listening = connection.ListenAsync(uris, this, round.Token);
        try
        {
            if (isModern)
            {
                await Task.WhenAny(listening, changed);
            }
            else
            {
                await FollowOnAsync(connection, listening, uris, changed, cancel);
            }
        }
        finally
        {
            await round.CancelAsync();
        }

        try
        {
            if (await listening)
            {
                return false;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return true;
        }

        // The target has no such stream, which may be different with other resources.
        await changed.WaitAsync(cancel);
        return true;
    }

    // A target of an older revision hears of each resource in a request of its own, while the stream stays.
    private async Task FollowOnAsync(
        UpstreamConnection connection,
        Task<bool> listening,
        IReadOnlyCollection<string> wanted,
        Task changed,
        CancellationToken cancel
    )
    {
        IReadOnlyCollection<string> known = [];
        while (true)
        {
            await TellAsync(
                connection,
                RequestMethods.ResourcesSubscribe,
                wanted.Except(known, StringComparer.Ordinal),
                cancel
            );
            await TellAsync(
                connection,
                RequestMethods.ResourcesUnsubscribe,
                known.Except(wanted, StringComparer.Ordinal),
                cancel
            );
            known = wanted;
            if (await Task.WhenAny(listening, changed) == listening)
            {
                return;
            }

            (wanted, changed) = Wanted();
        }
    }

    private async Task TellAsync(
        UpstreamConnection connection,
        string method,
        IEnumerable<string> uris,
        CancellationToken cancel
    )
    {
        foreach (var uri in uris)
        {
            try
            {
                await connection.SendAsync(method, new JsonObject { ["uri"] = uri }, cancel);
                if (method is RequestMethods.ResourcesSubscribe)
                {
                    LookAgainAt([uri]);
                }
            }
            catch (McpProtocolException exception)
            {
                // A resource that the target does not know must not keep anybody from hearing of the others.
                logger.FollowingRefused(target.Name, method, exception.Message);
            }
        }
    }

    // Followers believe that they hear of changes from the moment they asked, which was before the target began to tell.
    private void LookAgainAt(IEnumerable<string> uris)
    {
        foreach (var uri in uris)
        {
            notifications.Raise(
                new TargetNotification(target, user, NotificationMethods.ResourceUpdatedNotification, uri)
            );
        }
    }

    private (IReadOnlyCollection<string> Uris, Task Changed) Wanted()
    {
        lock (_changing)
        {
            return ([.. _followers.Keys], _changed.Task);
        }
    }

    private static bool SaysWhenListsChange(ServerDescription server) =>
        ListKind.All.Any(kind =>
            server.Capabilities[kind.Capability]?["listChanged"] is JsonValue value
            && value.TryGetValue(out bool says)
            && says
        );

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
