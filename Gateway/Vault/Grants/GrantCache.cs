using System.Collections.Concurrent;

namespace AspireGateway.Gateway.Vault.Grants;

/// <summary>
/// Opened grants in memory, and that there is none. It is split into parts; a read that began before something in its part was forgotten may
/// have seen what was there before, and is not kept.
/// </summary>
/// <remarks>
/// A look-up hashes once, takes no lock and moves nothing, so that it costs much the same for tens of thousands of grants as for ten. What
/// goes is therefore not exactly the least recently used: the oldest that nobody has used since its turn came last.
/// </remarks>
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

    public bool TryGet(UserId user, TargetName target, out Grant? grant)
    {
        var key = new Key(user, target);
        return Of(key).TryGet(key, out grant);
    }

    /// <summary>What a read has to show when it ends, to be kept.</summary>
    public long Begin(UserId user, TargetName target) => Of(new Key(user, target)).Epoch;

    public void Keep(UserId user, TargetName target, Grant? grant, long begun)
    {
        var key = new Key(user, target);
        Of(key).Keep(key, grant, begun);
    }

    public void Forget(UserId user, TargetName target)
    {
        var key = new Key(user, target);
        Of(key).Forget(key);
    }

    public void ForgetAll() => Array.ForEach(_parts, static part => part.Clear());

    private Part Of(Key key) => _parts[(uint)key.Hash % Parts];

    private sealed class Part(int capacity)
    {
        // Guards every change of what is below, and never waits. Reading the entries needs no lock.
        private readonly Lock _lock = new();
        private readonly ConcurrentDictionary<Key, Entry> _entries = new();
        private readonly LinkedList<Entry> _byAge = new();
        private long _epoch;

        public int Count
        {
            get
            {
                lock (_lock)
                {
                    return _byAge.Count;
                }
            }
        }

        public long Epoch => Volatile.Read(ref _epoch);

        public bool TryGet(Key key, out Grant? grant)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                grant = null;
                return false;
            }

            entry.MarkUsed();
            grant = entry.Grant;
            return true;
        }

        public void Keep(Key key, Grant? grant, long begun)
        {
            lock (_lock)
            {
                if (begun != _epoch || capacity == 0)
                {
                    return;
                }

                Remove(key);
                if (_byAge.Count == capacity)
                {
                    RemoveOne();
                }

                var entry = new Entry(key, grant);
                _entries[key] = entry;
                _byAge.AddLast(entry.Place);
            }
        }

        public void Forget(Key key)
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
                _byAge.Clear();
            }
        }

        private void Remove(Key key)
        {
            if (_entries.TryRemove(key, out var entry))
            {
                _byAge.Remove(entry.Place);
            }
        }

        // One turn at the most: others go on using entries meanwhile, and one has to go.
        private void RemoveOne()
        {
            for (var left = _byAge.Count; left > 0 && _byAge.First!.Value.TakeUsed(); left--)
            {
                var spared = _byAge.First;
                _byAge.RemoveFirst();
                _byAge.AddLast(spared);
            }

            Remove(_byAge.First!.Value.Key);
        }
    }

    private sealed class Entry
    {
        private volatile bool _wasUsed;

        public Entry(Key key, Grant? grant)
        {
            Key = key;
            Grant = grant;
            Place = new LinkedListNode<Entry>(this);
        }

        public Key Key { get; }

        public Grant? Grant { get; }

        /// <summary>Where it stands in the order of age.</summary>
        public LinkedListNode<Entry> Place { get; }

        // Looked at first: writing what is there already would take the memory from the other processors.
        public void MarkUsed()
        {
            if (!_wasUsed)
            {
                _wasUsed = true;
            }
        }

        public bool TakeUsed()
        {
            var was = _wasUsed;
            _wasUsed = false;
            return was;
        }
    }

    private readonly struct Key(UserId user, TargetName target) : IEquatable<Key>
    {
        private readonly UserId _user = user;
        private readonly TargetName _target = target;

        public int Hash { get; } = HashCode.Combine(user, target);

        public bool Equals(Key other) => Hash == other.Hash && _user == other._user && _target == other._target;

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => Hash;
    }
}
