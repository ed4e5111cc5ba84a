using System.Globalization;
using System.Text;

namespace AspireGateway.Dashboard.Pages;

/// <summary>
/// Makes foreign text fit to be shown. Encoding as HTML is Blazor's work; this is about characters that a browser obeys
/// although they are only text: controls, and marks that change the direction of what follows.
/// </summary>
internal static class SafeText
{
    /// <summary>Longest text of a name, a value or a log line that is sent to a browser.</summary>
    public const int MaximumLength = 8_000;

    /// <summary>The text with every such character replaced by a visible sign, cut when it is very long.</summary>
    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var builder = new StringBuilder(Math.Min(text.Length, MaximumLength));
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, MaximumLength)).EnumerateRunes())
        {
            builder.Append(IsHarmless(rune) ? rune.ToString() : Visible(rune));
        }

        return text.Length <= MaximumLength
            ? builder.ToString()
            : builder.Append($" … ({text.Length - MaximumLength} more characters)").ToString();
    }

    private static bool IsHarmless(Rune rune) =>
        rune.Value == '\t'
        || Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            && !IsDirectionMark(rune);

    private static bool IsDirectionMark(Rune rune) =>
        rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    // Unicode has a picture for each ASCII control: U+2400 and following, U+2421 for DEL.
    private static string Visible(Rune rune) =>
        rune.Value switch
        {
            < 0x20 => ((char)(0x2400 + rune.Value)).ToString(),
            0x7F => "\u2421",
            _ => "\uFFFD",
        };
}
