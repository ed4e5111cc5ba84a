using System.Text.Json.Nodes;

namespace AspireGateway.Gateway;

/// <summary>Reads JSON that somebody else wrote, where a member may be missing or of another kind.</summary>
internal static class JsonMembers
{
    /// <summary>A member that is a text; null where it is missing or something else.</summary>
    public static string? TextOf(this JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
