using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AspireGateway.Dashboard.Tests;

/// <summary>A feed that a test fills by hand.</summary>
internal sealed class FakeFeed : IResourceFeed
{
    private readonly Lock _lock = new();
    private readonly List<ResourceSnapshot> _resources = [];
    private readonly Dictionary<string, List<LogLine>> _logs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Channel<bool>, bool> _watchers = new();
    private readonly TaskCompletionSource _nobodyWatches = new();
    private long _sequence;

    /// <summary>Completes when the last watcher has left.</summary>
    public Task NobodyWatches => _nobodyWatches.Task;

    public IReadOnlyList<ResourceSnapshot> Resources
    {
        get
        {
            lock (_lock)
            {
                return [.. _resources];
            }
        }
    }

    public void Set(ResourceSnapshot resource)
    {
        lock (_lock)
        {
            var index = _resources.FindIndex(other => other.Name == resource.Name);
            if (index < 0)
            {
                _resources.Add(resource);
            }
            else
            {
                _resources[index] = resource;
            }
        }
        Wake();
    }

    public void Write(string resource, string text, bool isError = false, DateTimeOffset time = default)
    {
        lock (_lock)
        {
            if (!_logs.TryGetValue(resource, out var lines))
            {
                _logs[resource] = lines = [];
            }
            lines.Add(new LogLine(++_sequence, time, isError, text));
        }
        Wake();
    }

    public IReadOnlyList<LogLine> GetLogs(string resource, int count)
    {
        lock (_lock)
        {
            return _logs.TryGetValue(resource, out var lines) ? [.. lines.TakeLast(count)] : [];
        }
    }

    public async IAsyncEnumerable<LogLine> WatchLogsAsync(
        string resource,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var _ in WatchAsync(cancellationToken))
        {
            foreach (var line in GetLogs(resource, int.MaxValue).Where(line => line.Sequence > after))
            {
                after = line.Sequence;
                yield return line;
            }
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<ResourceSnapshot>> WatchResourcesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var _ in WatchAsync(cancellationToken))
        {
            yield return Resources;
        }
    }

    private async IAsyncEnumerable<bool> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
        );
        _watchers[channel] = true;
        channel.Writer.TryWrite(true);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
            if (_watchers.IsEmpty)
            {
                _nobodyWatches.TrySetResult();
            }
        }
    }

    private void Wake()
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Writer.TryWrite(true);
        }
    }
}
