using System.Collections.Concurrent;
using AspireGateway.Gateway.Targets.Credentials;
using AspireGateway.Gateway.Targets.Upstream;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>
/// What targets list that can only be asked with a person's credential, as that person sees them. What was learned with one
/// person's grant is shown to nobody else.
/// </summary>
internal sealed class PersonalCatalogue(
    UpstreamConnections connections,
    CatalogueReader reader,
    TimeProvider time,
    ILogger<PersonalCatalogue> logger
)
{
    private const int MaxEntries = 10_000;

    // A list does not wait longer for one target; what it brings is there at the next one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(Target Target, UserId User), Entry> _entries = new();

    /// <summary>What this person sees; null while it is not known.</summary>
    public async Task<CatalogueContents?> GetAsync(
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
        if (entry.Contents is null && entry.Left(time, Patience) is { Ticks: > 0 } patience)
        {
            try
            {
                await reading.WaitAsync(patience, time, cancel);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        return entry.Contents;
    }

    private async Task ReadAsync(Target target, UserId user, TargetCredential credential, Entry entry)
    {
        using var timeout = new CancellationTokenSource(ReadTimeout, time);
        try
        {
            entry.Contents = await reader.ReadAsync(connections.For(target, user, credential), timeout.Token);
        }
        catch (Exception exception) when (CatalogueReader.IsTargetFailure(exception, CancellationToken.None))
        {
            logger.SynchronizationFailed(target.Name, target.Url, CatalogueReader.Describe(exception));
        }
    }

    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private Task _reading = Task.CompletedTask;
        private long? _started;

        public CatalogueContents? Contents { get; set; }

        /// <summary>What is left of the patience with the last read.</summary>
        public TimeSpan Left(TimeProvider time, TimeSpan patience)
        {
            lock (_lock)
            {
                return _started is { } started ? patience - time.GetElapsedTime(started) : patience;
            }
        }

        /// <summary>One read at a time, and none while the last one, or the last failure, is young.</summary>
        public Task Refresh(TimeProvider time, TimeSpan lifetime, Func<Task> read)
        {
            lock (_lock)
            {
                var isOld =
                    _started is not { } started
                    || time.GetElapsedTime(started) > (Contents is null ? RetryAfter : lifetime);
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
