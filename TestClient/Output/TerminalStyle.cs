namespace AspireGateway.TestClient.Output;

/// <summary>How to write to the terminal.</summary>
/// <param name="Ansi">Whether colours may be used.</param>
/// <param name="TableWidth">How wide a table may be; other lines are never broken, so that URLs stay whole.</param>
internal sealed record TerminalStyle(bool Ansi, int TableWidth)
{
    private const int PipedTableWidth = 140;
    private const int NarrowestTable = 60;

    /// <summary>
    /// Colours on a terminal, none in a pipe. <c>NO_COLOR</c> switches them off everywhere; <c>FORCE_COLOR</c> (or .NET's own
    /// <c>DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION</c>) switches them on for a program that shows our output.
    /// </summary>
    public static TerminalStyle Detect(Func<string, string?> variable)
    {
        var forced =
            IsSet(variable("FORCE_COLOR")) || IsSet(variable("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"));
        var ansi =
            string.IsNullOrEmpty(variable("NO_COLOR"))
            && (forced || (!Console.IsOutputRedirected && variable("TERM") != "dumb"));
        return new(ansi, Console.IsOutputRedirected ? PipedTableWidth : Math.Max(NarrowestTable, WindowWidth()));
    }

    private static bool IsSet(string? value) => value is not (null or "" or "0" or "false");

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return PipedTableWidth;
        }
    }
}
