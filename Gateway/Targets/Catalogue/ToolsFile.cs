using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>Tool definitions in a file.</summary>
internal static class ToolsFile
{
    /// <summary>Reads the file; an empty path has no tools.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public static string? TryRead(string path, out IReadOnlyList<JsonObject> tools)
    {
        tools = [];
        if (path.Length == 0)
        {
            return null;
        }

        try
        {
            var root = JsonNode.Parse(File.ReadAllBytes(path));
            var array = root as JsonArray ?? root?["tools"] as JsonArray;
            if (
                array is null
                || !array.All(static tool => tool is JsonObject && tool["name"]?.ToString() is { Length: > 0 })
            )
            {
                return "it is neither an array of tool definitions, each with a name, nor the result of tools/list";
            }

            tools = [.. array.OfType<JsonObject>()];
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return exception.Message;
        }
    }
}
