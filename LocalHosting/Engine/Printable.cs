using System.Text.RegularExpressions;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>What a process writes may hold text from anywhere; it must not steer the terminal that shows it.</summary>
internal static partial class Printable
{
    public static string Clean(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.AsSpan().ContainsAnyInRange('\u007f', '\u009f')
            ? Controls()
                .Replace(Sequences().Replace(text, string.Empty), string.Empty)
                .Replace("\t", "    ", StringComparison.Ordinal)
            : text;

    // ESC [ … letter (colours, cursor) and ESC ] … BEL (titles, links).
    [GeneratedRegex(@"\u001b\[[0-?]*[ -/]*[@-~]|\u001b\].*?(?:\u0007|\u001b\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sequences();

    [GeneratedRegex(@"[\u0000-\u0008\u000a-\u001f\u007f-\u009f]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Controls();
}
