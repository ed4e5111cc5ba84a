using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Upstream;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>Everything that one target lists, as it gave it; never changed. Each list is in the order of its items' keys.</summary>
internal sealed record CatalogueContents
{
    public static readonly CatalogueContents Empty = new();

    public IReadOnlyList<JsonObject> Tools { get; init; } = [];

    public IReadOnlyList<JsonObject> Prompts { get; init; } = [];

    public IReadOnlyList<JsonObject> Resources { get; init; } = [];

    public IReadOnlyList<JsonObject> ResourceTemplates { get; init; } = [];

    /// <summary>What the target says about itself; null where only its tools were given, by a person or by an older gateway.</summary>
    public ServerDescription? Server { get; init; }

    /// <summary>Whether this says what a list holds, even if that is nothing.</summary>
    public bool Knows(ListKind kind) => kind == ListKind.Tools || Server is not null;

    public IReadOnlyList<JsonObject> Of(ListKind kind) =>
        kind == ListKind.Tools ? Tools
        : kind == ListKind.Prompts ? Prompts
        : kind == ListKind.Resources ? Resources
        : ResourceTemplates;

    public CatalogueContents With(ListKind kind, IReadOnlyList<JsonObject> items) =>
        kind == ListKind.Tools ? this with { Tools = items }
        : kind == ListKind.Prompts ? this with { Prompts = items }
        : kind == ListKind.Resources ? this with { Resources = items }
        : this with { ResourceTemplates = items };

    /// <summary>Contents that are known from a definition.</summary>
    public static CatalogueContents OfTools(IEnumerable<JsonObject> tools) =>
        Empty.With(ListKind.Tools, Sort(ListKind.Tools, tools));

    /// <summary>Usable items in the order of their keys; of two with the same key, only the first.</summary>
    public static IReadOnlyList<JsonObject> Sort(ListKind kind, IEnumerable<JsonObject> items) =>
        [
            .. items
                .Where(item => kind.KeyOf(item) is not null)
                .DistinctBy(kind.KeyOf, StringComparer.Ordinal)
                .OrderBy(kind.KeyOf, StringComparer.Ordinal),
        ];
}

/// <summary>What one target listed at one moment.</summary>
/// <param name="Contents">The lists.</param>
/// <param name="SynchronizedAt">When; null before the first time.</param>
internal sealed record CatalogueSnapshot(CatalogueContents Contents, DateTimeOffset? SynchronizedAt)
{
    public static readonly CatalogueSnapshot Empty = new(CatalogueContents.Empty, null);

    /// <summary>Whether this says what a list holds.</summary>
    public bool Knows(ListKind kind) => SynchronizedAt is not null && Contents.Knows(kind);
}
