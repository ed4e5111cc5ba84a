namespace AspireGateway.LocalHosting.Engine;

/// <summary>Colours for a terminal that wants them.</summary>
internal sealed record ConsoleStyle(TextWriter Output, bool HasColor)
{
    public const string Green = "32";
    public const string Red = "31";
    public const string Yellow = "33";
    public const string Grey = "90";
    public const string Bold = "1";

    private static readonly string[] Names = ["36", "35", "34", "33", "96", "95", "94", "93"];

    // https://no-color.org: any value counts, an empty one does not.
    public static ConsoleStyle ForThisTerminal() =>
        new(
            Console.Out,
            !Console.IsOutputRedirected
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") != "dumb"
        );

    /// <summary>One of a few colours that differ from neighbour to neighbour.</summary>
    public static string OfResource(int index) => Names[index % Names.Length];

    public string Paint(string text, string color) => HasColor ? $"\u001b[{color}m{text}\u001b[0m" : text;
}
