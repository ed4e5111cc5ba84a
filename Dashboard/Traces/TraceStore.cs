namespace AspireGateway.Dashboard.Traces;

/// <summary>
/// The newest traces, in memory. Bounded in traces, in spans of each trace and in characters altogether; the oldest trace
/// goes first. A span that comes twice counts once.
/// </summary>
internal sealed class TraceStore
{
    public const int MaximumTraces = 10_000;
    public const int MaximumSpansPerTrace = 2_000;
    private const long DefaultBudget = 128L * 1024 * 1024;

    private readonly long _budget;

    // Guards everything below; held for additions and for copying references, never while something is computed.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _traces = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byAge = [];
    private long _characters;
    private long _version;

    public TraceStore()
        : this(DefaultBudget) { }

    /// <param name="budget">Characters of all spans together.</param>
    internal TraceStore(long budget) => _budget = budget;

    /// <summary>Grows with everything that is added.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>All traces, the one that began to arrive last first.</summary>
    public IReadOnlyList<Trace> All
    {
        get
        {
            lock (_lock)
            {
                var all = new List<Trace>(_traces.Count);
                for (var node = _byAge.Last; node is not null; node = node.Previous)
                {
                    all.Add(node.Value.Snapshot);
                }
                return all;
            }
        }
    }

    public Trace? Find(string id)
    {
        lock (_lock)
        {
            return _traces.GetValueOrDefault(id)?.Snapshot;
        }
    }

    public void Add(IReadOnlyList<SpanRecord> spans)
    {
        lock (_lock)
        {
            foreach (var span in spans)
            {
                Add(span);
            }
        }
        Interlocked.Increment(ref _version);
    }

    private void Add(SpanRecord span)
    {
        if (!_traces.TryGetValue(span.TraceId, out var entry))
        {
            entry = new Entry(span.TraceId);
            _traces.Add(span.TraceId, entry);
            _byAge.AddLast(entry);
        }

        _characters += entry.Add(span);
        while (_traces.Count > MaximumTraces || (_characters > _budget && _traces.Count > 1))
        {
            var oldest = _byAge.First!.Value;
            _byAge.RemoveFirst();
            _traces.Remove(oldest.Id);
            _characters -= oldest.Size;
        }
    }

    private sealed class Entry(string id)
    {
        private readonly Dictionary<string, SpanRecord> _spans = new(StringComparer.Ordinal);
        private Trace? _snapshot;
        private int _dropped;

        public string Id => id;

        public long Size { get; private set; }

        // What is computed from a trace is kept with it, so the same object is handed out until a span is added.
        public Trace Snapshot => _snapshot ??= new Trace(id, [.. _spans.Values], _dropped);

        public long Add(SpanRecord span)
        {
            if (_spans.ContainsKey(span.SpanId))
            {
                return 0;
            }

            _snapshot = null;
            if (_spans.Count >= MaximumSpansPerTrace)
            {
                _dropped++;
                return 0;
            }

            _spans.Add(span.SpanId, span);
            var size = span.Size;
            Size += size;
            return size;
        }
    }
}
