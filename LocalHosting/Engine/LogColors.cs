using AspireGateway.Dashboard;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>Colour of a log line: by the level that .NET's console logger writes first, or a mark of success or failure.</summary>
internal static class LogColors
{
    public static string? Of(LogLine line) =>
        line.Text switch
        {
            ['✔', ..] => ConsoleStyle.Green,
            ['✘', ..] => ConsoleStyle.Red,
            { } text when Starts(text, "fail: ") || Starts(text, "crit: ") => ConsoleStyle.Red,
            { } text when Starts(text, "warn: ") => ConsoleStyle.Yellow,
            { } text when Starts(text, "dbug: ") || Starts(text, "trce: ") => ConsoleStyle.Grey,
            { } text when Starts(text, "ERROR ") => ConsoleStyle.Red,
            { } text when Starts(text, "WARN ") => ConsoleStyle.Yellow,
            _ when line.IsError => ConsoleStyle.Red,
            _ => null,
        };

    private static bool Starts(string text, string level) => text.StartsWith(level, StringComparison.Ordinal);
}
