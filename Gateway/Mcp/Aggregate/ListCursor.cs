using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Catalogue;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>
/// Where a page of a list ended: the last item, not its number, so that no page skips or repeats one when items come and go. Holds nothing
/// that its reader has not just seen.
/// </summary>
internal sealed record ListCursor(ListKind Kind, TargetName Target, string Key)
{
    private const int MaxLength = 16 * 1024;
    private const char Separator = '\n';

    /// <summary>The cursor in a request's parameters, as it came; null without, and empty where it is no text.</summary>
    public static string? In(JsonNode? parameters) =>
        parameters is not JsonObject { } members || members["cursor"] is not { } cursor ? null
        : cursor is JsonValue value && value.TryGetValue(out string? text) ? text
        : "";

    /// <summary>Whether anything of a target comes behind it.</summary>
    public bool Reaches(TargetName target) => string.CompareOrdinal(target.Value, Target.Value) >= 0;

    /// <summary>Whether an item comes behind it.</summary>
    public bool IsBehind(TargetName target, string key) =>
        target != Target ? Reaches(target) : string.CompareOrdinal(key, Key) > 0;

    /// <summary>Reads a cursor of a list; null when it is none of this one.</summary>
    public static ListCursor? TryParse(string text, ListKind kind)
    {
        try
        {
            var parts =
                text.Length > MaxLength
                    ? []
                    : Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(text)).Split(Separator, 3);
            return
                parts.Length == 3
                && parts[0] == kind.Method
                && TargetName.TryParse(parts[1], out var target)
                && parts[2].Length > 0
                ? new ListCursor(kind, target, parts[2])
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public override string ToString() =>
        WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(string.Join(Separator, Kind.Method, Target.Value, Key)));
}
