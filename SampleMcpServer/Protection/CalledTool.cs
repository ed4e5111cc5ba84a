using System.Text.Json;

namespace AspireGateway.SampleMcpServer.Protection;

/// <summary>
/// Reads which tool a message calls. It has to see what the SDK will see: the SDK takes <c>Name</c> for <c>name</c> and the last
/// of two members with one name, so anything of the kind is turned away instead of guessed.
/// </summary>
internal static class CalledTool
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private static readonly string[] Members = ["method", "params", "name"];

    /// <summary>The tool, or null when no tool is called.</summary>
    /// <exception cref="JsonException">The message can be read in more than one way, or in none.</exception>
    public static async Task<string?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var message = await JsonDocument.ParseAsync(body, Strict, cancellationToken);
        var root = message.RootElement;
        if (root.ValueKind is not JsonValueKind.Object)
        {
            throw new JsonException("A message is one JSON object.");
        }

        Check(root);
        if (!root.TryGetProperty("method", out var method) || !method.ValueEquals("tools/call"))
        {
            return null;
        }

        if (!root.TryGetProperty("params", out var parameters) || parameters.ValueKind is not JsonValueKind.Object)
        {
            throw new JsonException("A call has params.");
        }

        Check(parameters);
        return parameters.TryGetProperty("name", out var name) && name.ValueKind is JsonValueKind.String
            ? name.GetString()
            : throw new JsonException("A call names its tool.");
    }

    private static void Check(JsonElement json)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (
                Members.Contains(member.Name, StringComparer.OrdinalIgnoreCase)
                && !Members.Contains(member.Name, StringComparer.Ordinal)
            )
            {
                throw new JsonException("Names of members are written in lower case.");
            }
        }
    }
}
