using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Tour;

/// <summary>What a stop of the tour expects of the server.</summary>
internal static class Expect
{
    /// <summary>Says what is wrong unless the condition holds.</summary>
    /// <exception cref="ClientFailure">It does not.</exception>
    public static void That(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new ClientFailure(otherwise);
        }
    }

    /// <summary>The text of a result, which must contain something.</summary>
    public static void Text(CallToolResult result, string part)
    {
        var text = string.Concat(result.Content.OfType<TextContentBlock>().Select(static block => block.Text));
        That(text.Contains(part, StringComparison.Ordinal), $"'{part}' is not in the result '{text}'");
    }

    /// <summary>A result that has a block of this kind.</summary>
    public static T Content<T>(IEnumerable<ContentBlock> content)
        where T : ContentBlock =>
        content.OfType<T>().FirstOrDefault() ?? throw new ClientFailure($"there is no {typeof(T).Name} in the result");

    /// <summary>A member of a structured result.</summary>
    public static JsonElement Member(CallToolResult result, string name) =>
        result.StructuredContent is { ValueKind: JsonValueKind.Object } content
        && content.TryGetProperty(name, out var member)
            ? member
            : throw new ClientFailure($"there is no '{name}' in the structured result");
}
