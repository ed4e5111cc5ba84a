using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>The tools of each target as they were at its last synchronization; listing them asks no target and no user.</summary>
internal sealed class ToolCatalogue
{
    private readonly ConcurrentDictionary<TargetName, CatalogueSnapshot> _snapshots = new();

    /// <summary>What is known of a target; the empty snapshot before its first synchronization.</summary>
    public CatalogueSnapshot Get(TargetName target) => _snapshots.GetValueOrDefault(target, CatalogueSnapshot.Empty);

    public void Set(TargetName target, CatalogueSnapshot snapshot) => _snapshots[target] = snapshot;
}

/// <summary>The tools of one target at one moment.</summary>
/// <param name="Tools">Tool definitions as the target gave them; never changed.</param>
/// <param name="SynchronizedAt">When; null before the first time.</param>
internal sealed record CatalogueSnapshot(IReadOnlyList<JsonObject> Tools, DateTimeOffset? SynchronizedAt)
{
    public static readonly CatalogueSnapshot Empty = new([], null);
}
