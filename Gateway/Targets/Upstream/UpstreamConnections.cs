using System.Collections.Concurrent;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Targets.Upstream.Wire;

namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>
/// The connections to all targets: one for everybody where no credential is needed, else one for each person and version of their
/// credential, closed when it was not used for a while. A target that wants to know at the handshake what its client can be asked has one
/// for each kind of client.
/// </summary>
internal sealed class UpstreamConnections(UpstreamHttp http, TargetEras eras, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService,
        IAsyncDisposable
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Key, Entry> _connections = new();

    /// <summary>How many there are.</summary>
    public int Count => _connections.Count;

    /// <summary>The connection for a request; opened by its first use.</summary>
    /// <param name="target">The target.</param>
    /// <param name="user">Whose credential it is; null for none.</param>
    /// <param name="credential">The credential; null for none.</param>
    /// <param name="abilities">What the client of the request can be asked.</param>
    public UpstreamConnection For(
        Target target,
        UserId? user = null,
        TargetCredential? credential = null,
        ClientAbilities abilities = ClientAbilities.None
    )
    {
        var declared = abilities is ClientAbilities.None || eras.IsModern(target) ? ClientAbilities.None : abilities;
        var key = new Key(target, user, credential?.Version, declared);
        var entry = _connections.GetOrAdd(
            key,
            static (key, state) => new Entry(state.connections.Create(state.target, state.credential, key.Declared)),
            (connections: this, target, credential)
        );
        entry.LastUsed = time.GetTimestamp();
        return entry.Connection;
    }

    /// <summary>
    /// A connection to a target without credential that is shared with nobody, and closed by whoever opens it: its handshake says what the
    /// target can do now.
    /// </summary>
    public UpstreamConnection Open(Target target) => Create(target, credential: null, ClientAbilities.None);

    /// <summary>Closes what was not used for a while.</summary>
    public async Task CloseIdleAsync()
    {
        foreach (var (key, entry) in _connections)
        {
            if (
                time.GetElapsedTime(entry.LastUsed) > IdleTime
                && !entry.Connection.IsBusy
                && _connections.TryRemove(KeyValuePair.Create(key, entry))
            )
            {
                await entry.Connection.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        foreach (var (key, _) in _connections)
        {
            // The container disposes a hosted service twice.
            if (_connections.TryRemove(key, out var entry))
            {
                await entry.Connection.DisposeAsync();
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await CloseIdleAsync();
        }
    }

    private UpstreamConnection Create(Target target, TargetCredential? credential, ClientAbilities declared) =>
        new(
            target,
            declared,
            credential is null ? http.ClientFor(target) : http.CreateClient(target, credential),
            eras,
            time,
            loggers
        );

    // The target itself, not its name: an edited target has other connections.
    private readonly record struct Key(Target Target, UserId? User, string? Version, ClientAbilities Declared);

    private sealed class Entry(UpstreamConnection connection)
    {
        public UpstreamConnection Connection { get; } = connection;

        public long LastUsed { get; set; }
    }
}
