using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AspireGateway.SampleMcpServer.Everything.Asking;

/// <summary>What the client answered, by the keys of the questions. Reads what is there; a missing field is an empty text.</summary>
internal sealed class Answers(IReadOnlyDictionary<string, InputResponse> answers)
{
    /// <summary>Of a form: what the person did, and the filled fields.</summary>
    public string Outcome(string question) =>
        $"action={Text(Of(question), "action")}, content={(Of(question).TryGetProperty("content", out var content) ? content.GetRawText() : "{}")}";

    /// <summary>Of a form: one field.</summary>
    public string Field(string question, string name) =>
        Of(question).TryGetProperty("content", out var content) && content.ValueKind is JsonValueKind.Object
            ? Text(content, name)
            : "";

    /// <summary>What the language model said.</summary>
    public string ModelText(string question) =>
        Of(question).TryGetProperty("content", out var content)
            ? content.ValueKind switch
            {
                JsonValueKind.Object => Text(content, "text"),
                JsonValueKind.Array => string.Concat(
                    content.EnumerateArray().Select(static part => Text(part, "text"))
                ),
                _ => "",
            }
            : "";

    /// <summary>The folders, by their addresses.</summary>
    public string RootUris(string question) =>
        Of(question).TryGetProperty("roots", out var roots) && roots.ValueKind is JsonValueKind.Array
            ? string.Join(", ", roots.EnumerateArray().Select(static root => Text(root, "uri")))
            : "";

    private JsonElement Of(string question) => answers[question].RawValue;

    private static string Text(JsonElement value, string name) =>
        value.ValueKind is JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member.ToString() : "";
}
