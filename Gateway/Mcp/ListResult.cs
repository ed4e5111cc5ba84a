using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Mcp;

/// <summary>The results of lists that the gateway answers itself.</summary>
internal static class ListResult
{
    // How long a client may keep a list; the catalogue itself is read again every few minutes.
    private const int TtlMilliseconds = 30_000;

    /// <summary>The result of a list.</summary>
    /// <param name="member">Member for the items.</param>
    /// <param name="items">The items.</param>
    /// <param name="isModern">Whether the client speaks 2026-07-28 or newer, whose lists say how long they may be kept and by whom.</param>
    /// <param name="nextCursor">Where the next page starts; null for the last.</param>
    public static JsonObject Create(string member, JsonArray items, bool isModern, string? nextCursor = null)
    {
        var result = new JsonObject { [member] = items };
        if (nextCursor is not null)
        {
            result["nextCursor"] = nextCursor;
        }

        if (isModern)
        {
            result["resultType"] = "complete";
            result["ttlMs"] = TtlMilliseconds;
            result["cacheScope"] = "private";
        }

        return result;
    }
}
