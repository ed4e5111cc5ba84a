using System.Collections.Concurrent;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>What each target listed at its last synchronization; listing it again asks no target and no user.</summary>
internal sealed class TargetCatalogue(TargetRegistry targets, CatalogueChanges changes, TimeProvider time)
{
    private readonly ConcurrentDictionary<TargetName, Entry> _entries = new();
    private readonly Lock _changing = new();

    /// <summary>What is known of a target; the empty snapshot before its first synchronization.</summary>
    public CatalogueSnapshot Get(TargetName target) =>
        _entries.TryGetValue(target, out var entry) ? entry.Snapshot : CatalogueSnapshot.Empty;

    /// <summary>What the last synchronization that found something new has changed; null when none did.</summary>
    public CatalogueChange? LastChangeOf(TargetName target) =>
        _entries.TryGetValue(target, out var entry) ? entry.LastChange : null;

    /// <summary>Keeps what was read of a target, unless it was edited or removed while it was read.</summary>
    public void Set(Target target, CatalogueSnapshot snapshot)
    {
        CatalogueChange? change;
        lock (_changing)
        {
            if (!ReferenceEquals(targets.Find(target.Name), target))
            {
                return;
            }

            var former = _entries.GetValueOrDefault(target.Name);
            change = Compare(target.Name, former, snapshot.Contents);
            _entries[target.Name] = new Entry(
                target,
                snapshot,
                change is { IsFirst: false } ? change : former?.LastChange
            );
            GatewayMetrics.Catalogued(target.Name.Value, snapshot.Contents.Tools.Count);
        }

        Tell(change);
    }

    /// <summary>Forgets what is known of a target.</summary>
    public void Clear(Target target)
    {
        CatalogueChange? change;
        lock (_changing)
        {
            change = Forget(target.Name);
        }

        Tell(change);
    }

    /// <summary>
    /// After the targets changed: forgets what was learned from servers that are not there any more. An edit that leaves URL and credential
    /// alone does not empty the list.
    /// </summary>
    public void Prune()
    {
        var forgotten = new List<CatalogueChange?>();
        lock (_changing)
        {
            foreach (var (name, entry) in _entries)
            {
                var current = targets.Find(name);
                if (current?.Url != entry.Target.Url || current.CredentialKind != entry.Target.CredentialKind)
                {
                    forgotten.Add(Forget(name));
                }
            }
        }

        forgotten.ForEach(Tell);
    }

    private CatalogueChange? Forget(TargetName target)
    {
        if (!_entries.TryRemove(target, out var former))
        {
            return null;
        }

        GatewayMetrics.Catalogued(target.Value, 0);
        return Compare(target, former, CatalogueContents.Empty);
    }

    private CatalogueChange? Compare(TargetName target, Entry? former, CatalogueContents now)
    {
        var difference = CatalogueDifference.Between(former?.Snapshot.Contents ?? CatalogueContents.Empty, now);
        var lists = difference.Changed();
        return lists.Count == 0
            ? null
            : new CatalogueChange(target, User: null, [.. lists.Keys], time.GetUtcNow())
            {
                Difference = difference,
                IsFirst = former is null,
            };
    }

    // Outside of the lock: listeners may ask for what has changed.
    private void Tell(CatalogueChange? change)
    {
        if (change is not null)
        {
            changes.Raise(change);
        }
    }

    private sealed record Entry(Target Target, CatalogueSnapshot Snapshot, CatalogueChange? LastChange);
}
