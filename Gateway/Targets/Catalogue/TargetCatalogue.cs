using System.Collections.Concurrent;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>What each target listed at its last synchronization; listing it again asks no target and no user.</summary>
internal sealed class TargetCatalogue(TargetRegistry targets)
{
    private readonly ConcurrentDictionary<TargetName, Entry> _entries = new();
    private readonly Lock _changing = new();

    /// <summary>What is known of a target; the empty snapshot before its first synchronization.</summary>
    public CatalogueSnapshot Get(TargetName target) =>
        _entries.TryGetValue(target, out var entry) ? entry.Snapshot : CatalogueSnapshot.Empty;

    /// <summary>Keeps what was read of a target, unless it was edited or removed while it was read.</summary>
    public void Set(Target target, CatalogueSnapshot snapshot)
    {
        lock (_changing)
        {
            if (ReferenceEquals(targets.Find(target.Name), target))
            {
                _entries[target.Name] = new Entry(target, snapshot);
                GatewayMetrics.Catalogued(target.Name.Value, snapshot.Contents.Tools.Count);
            }
        }
    }

    /// <summary>Forgets what is known of a target.</summary>
    public void Clear(Target target)
    {
        lock (_changing)
        {
            Forget(target.Name);
        }
    }

    /// <summary>
    /// After the targets changed: forgets what was learned from servers that are not there any more. An edit that leaves URL and credential
    /// alone does not empty the list.
    /// </summary>
    public void Prune()
    {
        lock (_changing)
        {
            foreach (var (name, entry) in _entries)
            {
                var current = targets.Find(name);
                if (current?.Url != entry.Target.Url || current.CredentialKind != entry.Target.CredentialKind)
                {
                    Forget(name);
                }
            }
        }
    }

    private void Forget(TargetName target)
    {
        if (_entries.TryRemove(target, out _))
        {
            GatewayMetrics.Catalogued(target.Value, 0);
        }
    }

    private sealed record Entry(Target Target, CatalogueSnapshot Snapshot);
}
