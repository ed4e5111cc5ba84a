using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Admin.Catalogue;

/// <summary>What a synchronization has changed, as names of tools.</summary>
internal sealed record ToolDifference(
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Changed
)
{
    public static ToolDifference Between(IReadOnlyList<JsonObject> before, IReadOnlyList<JsonObject> after)
    {
        var (old, now) = (ByName(before), ByName(after));
        return new ToolDifference(
            [.. now.Keys.Where(name => !old.ContainsKey(name))],
            [.. old.Keys.Where(name => !now.ContainsKey(name))],
            [
                .. now.Where(tool =>
                        old.TryGetValue(tool.Key, out var former) && !JsonNode.DeepEquals(tool.Value, former)
                    )
                    .Select(static tool => tool.Key),
            ]
        );
    }

    private static SortedDictionary<string, JsonObject> ByName(IReadOnlyList<JsonObject> tools)
    {
        var byName = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var tool in tools)
        {
            byName[tool["name"]!.GetValue<string>()] = tool;
        }

        return byName;
    }
}
