using Spectre.Console;
using Spectre.Console.Rendering;

namespace AspireGateway.TestClient.Output;

/// <summary>
/// The one way to the output. Everything passes <see cref="Secrets"/> and loses its control characters, because much of it
/// comes from servers.
/// </summary>
internal sealed class Terminal
{
    // Spectre breaks lines at the width it knows; a URL that is broken cannot be clicked or searched.
    private const int Unbroken = 100_000;

    private readonly IAnsiConsole _lines;
    private readonly IAnsiConsole _tables;
    private readonly Secrets _secrets;

    public Terminal(TextWriter output, TerminalStyle style, Secrets secrets)
    {
        _secrets = secrets;
        _lines = Create(output, style, Unbroken);
        _tables = Create(output, style, style.TableWidth);
    }

    /// <summary>Writes a line in which each part has its own style.</summary>
    public void Line(params (string Text, Style? Style)[] parts)
    {
        var line = new Paragraph();
        foreach (var (text, style) in parts)
        {
            line.Append(Clean(text), style);
        }

        _lines.Write(line);
        _lines.WriteLine();
    }

    /// <summary>Writes a line.</summary>
    public void Line(string text, Style? style = null) => Line((text, style));

    /// <summary>
    /// Writes an address that the person must open. It is written whole, with the <c>state</c> that belongs to it; without
    /// that it would not work.
    /// </summary>
    public void Address(Uri url)
    {
        _lines.Write(new Paragraph(Printable.Of(url.AbsoluteUri)));
        _lines.WriteLine();
    }

    /// <summary>Writes an empty line.</summary>
    public void Gap() => _lines.WriteLine();

    /// <summary>Writes a table or the like.</summary>
    public void Write(IRenderable renderable) => _tables.Write(renderable);

    /// <summary>Text of a server as it may be shown: no secrets, no control characters.</summary>
    public string Clean(string text) => Printable.Of(_secrets.Redact(text));

    private static IAnsiConsole Create(TextWriter output, TerminalStyle style, int width)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = style.Ansi ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = style.Ansi ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(output),
            }
        );
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Profile.Capabilities.Links = false;
        return console;
    }
}
