using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Mcp;

/// <summary>The results of lists that the gateway answers itself.</summary>
internal static class ListResult
{
    private const string FirstModernRevision = "2026-07-28";

    // How long a client may keep a list; the catalogue itself is read again every few minutes.
    private const int TtlMilliseconds = 30_000;

    /// <summary>Whether a client speaks 2026-07-28 or newer, whose lists say how long they may be kept and by whom.</summary>
    public static bool IsModern(string? protocolVersion) =>
        string.CompareOrdinal(protocolVersion, FirstModernRevision) >= 0;

    /// <summary>The result of <c>tools/list</c>.</summary>
    public static JsonObject Create(JsonArray tools, bool isModern) => Create("tools", tools, isModern);

    /// <summary>The result of a list.</summary>
    public static JsonObject Create(string member, JsonArray items, bool isModern)
    {
        var result = new JsonObject { [member] = items };
        if (isModern)
        {
            result["resultType"] = "complete";
            result["ttlMs"] = TtlMilliseconds;
            result["cacheScope"] = "private";
        }

        return result;
    }
}
