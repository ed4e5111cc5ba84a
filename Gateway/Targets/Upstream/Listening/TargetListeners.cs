using System.Collections.Concurrent;
using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Targets.Upstream.Listening;

/// <summary>
/// Listens to every target that everybody may ask, and to those of a person while that person follows something there.
/// </summary>
internal sealed class TargetListeners(
    TargetRegistry targets,
    UpstreamConnections connections,
    ITargetCredentials credentials,
    TargetNotifications notifications,
    TimeProvider time,
    ILogger<TargetListeners> logger
) : BackgroundService
{
    /// <summary>How many resources of a target are followed at once, for everybody together or for one person.</summary>
    public const int MaxResources = 1000;

    private readonly ConcurrentDictionary<Key, Running> _running = new();
    private readonly Lock _changing = new();
    private CancellationToken _stopping;

    /// <summary>Follows a resource until disposed.</summary>
    /// <param name="target">Whose resource.</param>
    /// <param name="user">Who wants to know.</param>
    /// <param name="client">For which client, as people consent for one client at a time.</param>
    /// <param name="uri">The resource, as the target names it.</param>
    /// <returns>Null when too many are followed already.</returns>
    public IDisposable? Follow(Target target, UserId user, string client, string uri)
    {
        var key = target.NeedsPerson ? new Key(target, user, client) : new Key(target, null, null);
        lock (_changing)
        {
            var running = _running.GetOrAdd(key, Start);
            if (running.Listener.Count >= MaxResources)
            {
                return null;
            }

            running.Listener.Follow(uri, +1);
            return new Following(() => Leave(key, running, uri));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        void OnChanged(object? sender, EventArgs change) => Reconcile();
        targets.Changed += OnChanged;
        Reconcile();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            targets.Changed -= OnChanged;
            await Task.WhenAll(_running.Values.Select(static running => running.Task))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Reconcile()
    {
        lock (_changing)
        {
            var current = targets.All.ToHashSet();
            foreach (var (key, running) in _running.Where(entry => !current.Contains(entry.Key.Target)))
            {
                if (_running.TryRemove(key, out _))
                {
                    running.Stop();
                }
            }

            foreach (var target in current.Where(static target => !target.NeedsPerson))
            {
                _running.GetOrAdd(new Key(target, null, null), Start);
            }
        }
    }

    private void Leave(Key key, Running running, string uri)
    {
        lock (_changing)
        {
            running.Listener.Follow(uri, -1);
            if (
                key.User is not null
                && running.Listener.Count == 0
                && _running.TryRemove(KeyValuePair.Create(key, running))
            )
            {
                running.Stop();
            }
        }
    }

    private Running Start(Key key)
    {
        var listener = new UpstreamListener(
            key.Target,
            key.User,
            cancel => ConnectAsync(key, cancel),
            notifications,
            time,
            logger
        );
        return new Running(listener, _stopping);
    }

    private async Task<UpstreamConnection?> ConnectAsync(Key key, CancellationToken cancel)
    {
        if (key.User is not { } user)
        {
            return connections.For(key.Target);
        }

        var request = new CredentialRequest(user, key.Client!, key.Target) { MayAsk = false };
        return await credentials.GetAsync(request, cancel) is CredentialResult.Ready { Credential: { } credential }
            ? connections.For(key.Target, user, credential)
            : null;
    }

    private readonly record struct Key(Target Target, UserId? User, string? Client);

    private sealed class Running
    {
        private readonly CancellationTokenSource _stop;

        public Running(UpstreamListener listener, CancellationToken stopping)
        {
            Listener = listener;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);

            // Not on the thread, nor in the trace, of whoever wants to know.
            using (ExecutionContext.SuppressFlow())
            {
                Task = Task.Run(() => listener.RunAsync(_stop.Token), CancellationToken.None);
            }
        }

        public UpstreamListener Listener { get; }

        public Task Task { get; }

        // Once; nothing of it is left at the token of the whole process.
        public void Stop()
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }

    private sealed class Following(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
