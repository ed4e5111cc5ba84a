namespace AspireGateway.Gateway.Vault.Grants;

/// <summary>
/// Opened grants in memory, and that there is none; the least recently used go first. It is split into parts with a lock
/// each. A read that began before something in its part was forgotten may have seen what was there before, and is not kept.
/// </summary>
internal sealed class GrantCache
{
    private const int Parts = 16;

    private readonly Part[] _parts;

    public GrantCache(int capacity)
    {
        _parts = new Part[Parts];
        for (var i = 0; i < Parts; i++)
        {
            _parts[i] = new Part((capacity + Parts - 1) / Parts);
        }
    }

    /// <summary>How many are remembered.</summary>
    public int Count => _parts.Sum(static part => part.Count);

    public bool TryGet(UserId user, TargetName target, out Grant? grant) =>
        Of(user, target).TryGet((user, target), out grant);

    /// <summary>What a read has to show when it ends, to be kept.</summary>
    public long Begin(UserId user, TargetName target) => Of(user, target).Epoch;

    public void Keep(UserId user, TargetName target, Grant? grant, long begun) =>
        Of(user, target).Keep((user, target), grant, begun);

    public void Forget(UserId user, TargetName target) => Of(user, target).Forget((user, target));

    public void ForgetAll() => Array.ForEach(_parts, static part => part.Clear());

    private Part Of(UserId user, TargetName target) => _parts[(uint)HashCode.Combine(user, target) % Parts];

    private sealed class Part(int capacity)
    {
        // Guards everything below. It is held for a look-up and two links of a list, never while something is read or awaited.
        private readonly Lock _lock = new();
        private readonly Dictionary<(UserId, TargetName), LinkedListNode<Entry>> _entries = [];
        private readonly LinkedList<Entry> _byUse = new();
        private long _epoch;

        public int Count
        {
            get
            {
                lock (_lock)
                {
                    return _entries.Count;
                }
            }
        }

        public long Epoch
        {
            get
            {
                lock (_lock)
                {
                    return _epoch;
                }
            }
        }

        public bool TryGet((UserId, TargetName) key, out Grant? grant)
        {
            lock (_lock)
            {
                if (!_entries.TryGetValue(key, out var node))
                {
                    grant = null;
                    return false;
                }

                if (node != _byUse.First)
                {
                    _byUse.Remove(node);
                    _byUse.AddFirst(node);
                }

                grant = node.Value.Grant;
                return true;
            }
        }

        public void Keep((UserId, TargetName) key, Grant? grant, long begun)
        {
            lock (_lock)
            {
                if (begun != _epoch || capacity == 0)
                {
                    return;
                }

                Remove(key);
                _entries[key] = _byUse.AddFirst(new Entry(key, grant));
                if (_entries.Count > capacity)
                {
                    Remove(_byUse.Last!.Value.Key);
                }
            }
        }

        public void Forget((UserId, TargetName) key)
        {
            lock (_lock)
            {
                _epoch++;
                Remove(key);
            }
        }

        public void Clear()
        {
            lock (_lock)
            {
                _epoch++;
                _entries.Clear();
                _byUse.Clear();
            }
        }

        private void Remove((UserId, TargetName) key)
        {
            if (_entries.Remove(key, out var node))
            {
                _byUse.Remove(node);
            }
        }
    }

    private sealed record Entry((UserId, TargetName) Key, Grant? Grant);
}
