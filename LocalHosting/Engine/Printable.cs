using System.Text.RegularExpressions;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>What a process writes may hold text from anywhere; it must not steer the terminal that shows it.</summary>
internal static partial class Printable
{
    /// <summary>Ends every colour.</summary>
    public const string Reset = "\u001b[0m";

    /// <summary>Text only.</summary>
    public static string Clean(string text) => HasControls(text) ? Tidy(Sequences().Replace(text, string.Empty)) : text;

    /// <summary>Text and its colours: they end with the line and can do no more than look bad.</summary>
    public static string CleanButColors(string text)
    {
        if (!HasControls(text))
        {
            return text;
        }

        var parts = Colors().Split(text).Select(Clean);
        return string.Concat(
            parts.Zip(Colors().Matches(text).Select(static color => color.Value).Append(string.Empty), string.Concat)
        );
    }

    private static bool HasControls(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.AsSpan().ContainsAnyInRange('\u007f', '\u009f');

    private static string Tidy(string text) =>
        Controls().Replace(text, string.Empty).Replace("\t", "    ", StringComparison.Ordinal);

    // ESC [ … letter (colours, cursor) and ESC ] … BEL (titles, links).
    [GeneratedRegex(@"\u001b\[[0-?]*[ -/]*[@-~]|\u001b\].*?(?:\u0007|\u001b\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sequences();

    [GeneratedRegex(@"\u001b\[[0-9;]*m", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Colors();

    [GeneratedRegex(@"[\u0000-\u0008\u000a-\u001f\u007f-\u009f]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Controls();
}
