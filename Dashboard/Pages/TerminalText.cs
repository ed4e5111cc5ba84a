using System.Text.RegularExpressions;

namespace AspireGateway.Dashboard.Pages;

/// <summary>A piece of a log line in one style.</summary>
/// <param name="Text">Fit to be shown.</param>
/// <param name="Style">CSS classes; empty for plain text.</param>
public sealed record TerminalSpan(string Text, string Style);

/// <summary>Turns what a program writes for a terminal into styled text: colours are kept, all other commands dropped.</summary>
internal static partial class TerminalText
{
    private static readonly string[] Colors = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

    public static IReadOnlyList<TerminalSpan> Parse(string line)
    {
        var cut = line.Length > SafeText.MaximumLength * 2 ? line[..(SafeText.MaximumLength * 2)] : line;
        var spans = new List<TerminalSpan>();
        var style = new Style();
        var position = 0;
        foreach (var escape in Escapes().EnumerateMatches(cut))
        {
            Add(spans, cut[position..escape.Index], style);
            position = escape.Index + escape.Length;
            var command = cut.AsSpan(escape.Index, escape.Length);
            if (command.StartsWith("\u001b[") && command[^1] == 'm')
            {
                style.Apply(command[2..^1]);
            }
        }

        Add(spans, line[position..], style);
        return spans;
    }

    private static void Add(List<TerminalSpan> spans, string text, Style style)
    {
        if (text.Length > 0)
        {
            spans.Add(new TerminalSpan(SafeText.Clean(text), style.ToString()));
        }
    }

    // Control sequences (ESC [ … final), operating-system commands (ESC ] … BEL or ESC \: titles, links), other two-byte
    // escapes. Each alternative consumes without going back, so a hostile line costs linear time.
    [GeneratedRegex(
        @"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Escapes();

    private struct Style
    {
        private string? _color;
        private bool _bold;
        private bool _dim;
        private bool _underlined;

        public void Apply(ReadOnlySpan<char> codes)
        {
            foreach (var part in codes.Split(';'))
            {
                if (!int.TryParse(codes[part], out var code))
                {
                    code = 0;
                }

                // 38 and 48 are followed by a colour of a larger palette, which the style sheet does not have.
                if (code is 38 or 48)
                {
                    return;
                }

                Apply(code);
            }
        }

        public override readonly string ToString() =>
            string.Join(
                ' ',
                new[]
                {
                    _color,
                    _bold ? "t-bold" : null,
                    _dim ? "t-dim" : null,
                    _underlined ? "t-underlined" : null,
                }.OfType<string>()
            );

        private void Apply(int code)
        {
            switch (code)
            {
                case 0:
                    this = default;
                    break;
                case 1:
                    _bold = true;
                    break;
                case 2:
                    _dim = true;
                    break;
                case 4:
                    _underlined = true;
                    break;
                case 22:
                    (_bold, _dim) = (false, false);
                    break;
                case 24:
                    _underlined = false;
                    break;
                case >= 30 and <= 37:
                    _color = "t-" + Colors[code - 30];
                    break;
                case 39:
                    _color = null;
                    break;
                case >= 90 and <= 97:
                    _color = "t-" + Colors[code - 90];
                    break;
            }
        }
    }
}
