using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway.Targets.Upstream.Listening;

/// <summary>One stream on which a target tells what has changed, until it ends or is disposed.</summary>
internal sealed class ListeningStream : IUnaskedListener, IAsyncDisposable
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop;
    private readonly IReadOnlyCollection<string> _lists;
    private readonly Action<string, string?> _onTold;
    private ListeningStream? _former;

    private ListeningStream(
        UpstreamConnection connection,
        bool isModern,
        IReadOnlyCollection<string> uris,
        IReadOnlyCollection<string> lists,
        ListeningStream? former,
        Action<string, string?> onTold,
        CancellationToken cancel
    )
    {
        (Connection, IsModern, Uris, _lists, _former, _onTold) = (connection, isModern, uris, lists, former, onTold);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Ended = connection.ListenAsync(uris, this, _stop.Token);
    }

    /// <summary>The connection that it belongs to.</summary>
    public UpstreamConnection Connection { get; }

    /// <summary>Whether the target heard of the resources together with the stream (2026-07-28), so that others need another stream.</summary>
    public bool IsModern { get; }

    /// <summary>The resources that the target tells about.</summary>
    public IReadOnlyCollection<string> Uris { get; set; }

    /// <summary>Ends with the stream; false when the target has none, fails when it broke.</summary>
    public Task<bool> Ended { get; }

    /// <summary>Whether the target tells now.</summary>
    public bool IsHeard => _open.Task.IsCompleted && !Ended.IsCompleted;

    /// <summary>Starts to listen.</summary>
    /// <param name="connection">To whom.</param>
    /// <param name="uris">Resources to be told about.</param>
    /// <param name="lists">Notifications of the lists that the target declares to change.</param>
    /// <param name="former">The stream that this one is to take the place of; null for none.</param>
    /// <param name="onTold">Called with each change: the notification, and the resource if it is about one.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<ListeningStream> StartAsync(
        UpstreamConnection connection,
        IReadOnlyCollection<string> uris,
        IReadOnlyCollection<string> lists,
        ListeningStream? former,
        Action<string, string?> onTold,
        CancellationToken cancel
    ) => new(connection, await connection.IsModernAsync(cancel), uris, lists, former, onTold, cancel);

    /// <summary>Waits until the target tells on this stream or ends it; not for ever, as it may do neither.</summary>
    public Task UntilHeardAsync(TimeSpan patience, TimeProvider time, CancellationToken cancel) =>
        Task.WhenAny(_open.Task, Ended).WaitAsync(patience, time, cancel);

    public void OnListening()
    {
        // Nobody has heard of what changed before, except where another stream was open all the time.
        var heard = Interlocked.Exchange(ref _former, null) is { IsHeard: true } former ? former : null;
        foreach (var list in heard is null ? _lists : [])
        {
            _onTold(list, null);
        }

        LookAgainAt(Uris.Except(heard?.Uris ?? [], StringComparer.Ordinal));
        _open.TrySetResult();
    }

    public ValueTask OnNotificationAsync(string method, JsonObject? parameters, CancellationToken cancel)
    {
        if (method is NotificationMethods.SubscriptionsAcknowledgedNotification)
        {
            OnListening();
        }
        else
        {
            _onTold(method, parameters?["uri"] is JsonValue value && value.TryGetValue(out string? uri) ? uri : null);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Followers believe that they hear of changes from the moment they asked, which was before the target began to tell.</summary>
    public void LookAgainAt(IEnumerable<string> uris)
    {
        foreach (var uri in uris)
        {
            _onTold(NotificationMethods.ResourceUpdatedNotification, uri);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
