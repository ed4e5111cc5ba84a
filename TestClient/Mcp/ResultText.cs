using System.Text.Encodings.Web;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Mcp;

/// <summary>A tool's result as people read it.</summary>
internal static class ResultText
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        // The terminal is no web page; names stay as they are written.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The structured content where there is one, else the content blocks one after the other.</summary>
    public static string Of(CallToolResult result) =>
        result.StructuredContent is { } structured
            ? JsonSerializer.Serialize(structured, Readable)
            : string.Join(Environment.NewLine, result.Content.Select(Of).DefaultIfEmpty("(empty result)"));

    private static string Of(ContentBlock block) =>
        block switch
        {
            TextContentBlock text => Indent(text.Text),
            ResourceLinkBlock link => $"[link to {link.Uri}]",
            EmbeddedResourceBlock { Resource: TextResourceContents text } => text.Text,
            EmbeddedResourceBlock embedded => $"[resource {embedded.Resource.Uri}]",
            ImageContentBlock image => $"[image {image.MimeType}]",
            AudioContentBlock audio => $"[audio {audio.MimeType}]",
            _ => $"[{block.Type}]",
        };

    private static string Indent(string text)
    {
        try
        {
            return text.TrimStart() is ['{' or '[', ..]
                ? JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(text), Readable)
                : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
