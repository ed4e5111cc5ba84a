using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Targets.Upstream;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>
/// The tools of targets that can only be asked with a person's credential, as that person sees them. What was learned with one
/// person's grant is shown to nobody else.
/// </summary>
internal sealed class PersonalCatalogue(
    UpstreamConnections connections,
    ToolReader reader,
    TimeProvider time,
    ILogger<PersonalCatalogue> logger
)
{
    private const int MaxEntries = 10_000;

    // A list does not wait longer for one target; what it brings is there at the next one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(Target Target, UserId User), Entry> _entries = new();

    /// <summary>Tools that this person sees; null while they are not known.</summary>
    public async Task<IReadOnlyList<JsonObject>?> GetAsync(
        Target target,
        UserId user,
        TargetCredential credential,
        CancellationToken cancel
    )
    {
        if (_entries.Count > MaxEntries)
        {
            _entries.Clear();
        }

        var entry = _entries.GetOrAdd((target, user), static _ => new Entry());
        var reading = entry.Refresh(time, Lifetime, () => ReadAsync(target, user, credential, entry));
        if (entry.Tools is null)
        {
            try
            {
                await reading.WaitAsync(Patience, time, cancel);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        return entry.Tools;
    }

    private async Task ReadAsync(Target target, UserId user, TargetCredential credential, Entry entry)
    {
        using var timeout = new CancellationTokenSource(ReadTimeout, time);
        try
        {
            entry.Tools = await reader.ReadAsync(connections.For(target, user, credential), timeout.Token);
        }
        catch (Exception exception) when (ToolReader.IsTargetFailure(exception, CancellationToken.None))
        {
            logger.SynchronizationFailed(target.Name, target.Url, exception.Message);
        }
    }

    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private Task _reading = Task.CompletedTask;
        private long? _started;

        public IReadOnlyList<JsonObject>? Tools { get; set; }

        /// <summary>One read at a time, and none while the last one is young.</summary>
        public Task Refresh(TimeProvider time, TimeSpan lifetime, Func<Task> read)
        {
            lock (_lock)
            {
                var isOld = _started is not { } started || time.GetElapsedTime(started) > lifetime || Tools is null;
                if (isOld && _reading.IsCompleted)
                {
                    _started = time.GetTimestamp();
                    _reading = Task.Run(read);
                }

                return _reading;
            }
        }
    }
}
