using System.Runtime.CompilerServices;
using AspireGateway.Dashboard;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>The state of every resource and its newest log lines: the one place that engine, console and dashboard share.</summary>
internal sealed class ResourceBoard : IResourceFeed
{
    private const int KeptLines = 2000;

    private readonly Lock _gate = new();
    private readonly Pulse _stateChanged = new();
    private readonly Pulse _logged = new();
    private readonly TimeProvider _time;
    private readonly List<string> _order = [];
    private readonly Dictionary<string, ResourceSnapshot> _snapshots = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<LogLine>> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Action<ResourceSnapshot, ResourceSnapshot>> _stateObservers = [];
    private readonly List<Action<string, LogLine>> _lineObservers = [];
    private long _sequence;

    public ResourceBoard(TimeProvider time) => _time = time;

    public IReadOnlyList<ResourceSnapshot> Resources
    {
        get
        {
            lock (_gate)
            {
                return [.. _order.Select(name => _snapshots[name])];
            }
        }
    }

    /// <summary>Calls for each change with before and after: one call at a time, in order with the log lines.</summary>
    public void OnStateChange(Action<ResourceSnapshot, ResourceSnapshot> observer) => _stateObservers.Add(observer);

    /// <summary>Calls for each log line.</summary>
    public void OnLine(Action<string, LogLine> observer) => _lineObservers.Add(observer);

    public void Add(ResourceSnapshot snapshot)
    {
        lock (_gate)
        {
            _order.Add(snapshot.Name);
            _snapshots.Add(snapshot.Name, snapshot);
            _logs.Add(snapshot.Name, new Queue<LogLine>());
        }
    }

    public ResourceSnapshot? Find(string name)
    {
        lock (_gate)
        {
            return _snapshots.GetValueOrDefault(name);
        }
    }

    public void Update(string name, Func<ResourceSnapshot, ResourceSnapshot> change)
    {
        lock (_gate)
        {
            var before = _snapshots[name];
            var after = change(before);
            _snapshots[name] = after;
            _stateObservers.ForEach(observe => observe(before, after));
        }

        _stateChanged.Beat();
    }

    public void Write(string name, string text, bool isError)
    {
        lock (_gate)
        {
            var line = new LogLine(++_sequence, _time.GetUtcNow(), isError, text);
            var lines = _logs[name];
            lines.Enqueue(line);
            if (lines.Count > KeptLines)
            {
                lines.Dequeue();
            }

            _lineObservers.ForEach(observe => observe(name, line));
        }

        _logged.Beat();
    }

    /// <summary>Waits until the resource is as asked; at once when it is already.</summary>
    public async Task<ResourceSnapshot> WaitAsync(
        string name,
        Func<ResourceSnapshot, bool> condition,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var next = _stateChanged.Next;
            var now = Find(name) ?? throw new ArgumentException($"There is no resource '{name}'.", nameof(name));
            if (condition(now))
            {
                return now;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    public IReadOnlyList<LogLine> GetLogs(string resource, int count)
    {
        lock (_gate)
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
        while (true)
        {
            var next = _logged.Next;
            foreach (var line in GetLogs(resource, KeptLines).Where(line => line.Sequence > after))
            {
                after = line.Sequence;
                yield return line;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<ResourceSnapshot>> WatchResourcesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var next = _stateChanged.Next;
            yield return Resources;
            await next.WaitAsync(cancellationToken);
        }
    }
}
