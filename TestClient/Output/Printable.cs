using System.Text;

namespace AspireGateway.TestClient.Output;

/// <summary>Takes from a text what a terminal would obey instead of show (escape sequences, direction overrides).</summary>
internal static class Printable
{
    /// <summary>Line ends and tabs stay, other control and format characters become a visible mark.</summary>
    public static string Of(string text)
    {
        if (!text.Any(IsHarmful))
        {
            return text;
        }

        var printable = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            printable.Append(IsHarmful(character) ? '\u00b7' : character);
        }

        return printable.ToString();
    }

    /// <summary>The same in one line of at most <paramref name="length"/> characters.</summary>
    public static string OneLine(string text, int length = 300)
    {
        var line = string.Join(
            ' ',
            Of(text).Split((char[])['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)
        );
        return line.Length <= length ? line : string.Concat(line.AsSpan(0, length - 1), "…");
    }

    private static bool IsHarmful(char character) =>
        character is not ('\n' or '\r' or '\t')
        && (
            char.IsControl(character)
            || character is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f'
        );
}
