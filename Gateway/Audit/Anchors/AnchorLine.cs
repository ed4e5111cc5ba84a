using System.Text;
using System.Text.Json;

namespace AspireGateway.Gateway.Audit.Anchors;

/// <summary>
/// A line of an anchors file: an <see cref="Anchor"/> as JSON, with <c>,"signature":"…"}</c> in place of its last brace. Signed are all bytes
/// before <c>,"signature"</c>, as they stand in the file.
/// </summary>
internal static class AnchorLine
{
    private const string BeforeSignature = ",\"signature\":\"";
    private const string AfterSignature = "\"}";

    public static string Write(Anchor anchor, AnchorKey key)
    {
        var signed = JsonSerializer.Serialize(anchor with { Key = key.Id }, AnchorJson.Default.Anchor)[..^1];
        var signature = Convert.ToBase64String(key.Sign(Encoding.UTF8.GetBytes(signed)));
        return $"{signed}{BeforeSignature}{signature}{AfterSignature}\n";
    }

    /// <summary>Reads a line without its end.</summary>
    /// <param name="line">The line.</param>
    /// <param name="keys">Keys that may have signed, by id.</param>
    /// <param name="anchor">What was signed.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static string? Read(string line, IReadOnlyDictionary<string, AnchorKey> keys, out Anchor? anchor)
    {
        anchor = null;
        var end = line.LastIndexOf(BeforeSignature, StringComparison.Ordinal);
        if (end < 0 || !line.EndsWith(AfterSignature, StringComparison.Ordinal))
        {
            return "it is no signed anchor";
        }

        try
        {
            anchor = JsonSerializer.Deserialize(line[..end] + "}", AnchorJson.Default.Anchor);
        }
        catch (JsonException)
        {
            return "it is no JSON";
        }

        if (anchor is null || !keys.TryGetValue(anchor.Key, out var key))
        {
            return $"it is signed with the key '{anchor?.Key}', which is not known here";
        }

        var text = line[(end + BeforeSignature.Length)..^AfterSignature.Length];
        var signature = new byte[text.Length];
        return
            Convert.TryFromBase64String(text, signature, out var length)
            // One spelling only: base64 has room for bits that mean nothing.
            && Convert.ToBase64String(signature.AsSpan(0, length)) == text
            && key.Verify(Encoding.UTF8.GetBytes(line[..end]), signature.AsSpan(0, length))
            ? null
            : "its signature is wrong";
    }
}
