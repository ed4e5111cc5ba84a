using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>What has changed in one list, as names or URIs.</summary>
internal sealed record ListDifference(
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Changed
)
{
    public bool IsEmpty() => Added.Count + Removed.Count + Changed.Count == 0;

    /// <summary>Compares two versions of a list; the order of items and of members is no change.</summary>
    public static ListDifference Between(
        ListKind kind,
        IReadOnlyList<JsonObject> before,
        IReadOnlyList<JsonObject> after
    )
    {
        var (old, now) = (ByKey(kind, before), ByKey(kind, after));
        return new ListDifference(
            [.. now.Keys.Where(key => !old.ContainsKey(key))],
            [.. old.Keys.Where(key => !now.ContainsKey(key))],
            [
                .. now.Where(item =>
                        old.TryGetValue(item.Key, out var former) && !JsonNode.DeepEquals(item.Value, former)
                    )
                    .Select(static item => item.Key),
            ]
        );
    }

    private static SortedDictionary<string, JsonObject> ByKey(ListKind kind, IReadOnlyList<JsonObject> items)
    {
        var byKey = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            byKey[kind.KeyOf(item)!] = item;
        }

        return byKey;
    }
}

/// <summary>What has changed in the lists of one target.</summary>
internal sealed record CatalogueDifference(
    ListDifference Tools,
    ListDifference Prompts,
    ListDifference Resources,
    ListDifference ResourceTemplates
)
{
    public static CatalogueDifference Between(CatalogueContents before, CatalogueContents after)
    {
        return new(Of(ListKind.Tools), Of(ListKind.Prompts), Of(ListKind.Resources), Of(ListKind.ResourceTemplates));
        ListDifference Of(ListKind kind) => ListDifference.Between(kind, before.Of(kind), after.Of(kind));
    }

    /// <summary>The lists that are not as they were.</summary>
    public IReadOnlyDictionary<ListKind, ListDifference> Changed() =>
        new (ListKind Kind, ListDifference Difference)[]
        {
            (ListKind.Tools, Tools),
            (ListKind.Prompts, Prompts),
            (ListKind.Resources, Resources),
            (ListKind.ResourceTemplates, ResourceTemplates),
        }
            .Where(static list => !list.Difference.IsEmpty())
            .ToDictionary(static list => list.Kind, static list => list.Difference);
}
