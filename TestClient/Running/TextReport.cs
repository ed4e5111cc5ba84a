using AspireGateway.TestClient.Mcp;
using AspireGateway.TestClient.Output;
using Spectre.Console;

namespace AspireGateway.TestClient.Running;

/// <summary>The report for people: table of tools, result, and one line that says how it went.</summary>
internal static class TextReport
{
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);

    /// <summary>Prints what <paramref name="report"/> holds.</summary>
    public static void Print(Terminal terminal, RunReport report)
    {
        if (report.Tools is { } tools)
        {
            terminal.Gap();
            ToolTable.Print(terminal, tools);
        }

        if (report.Call is { } call)
        {
            terminal.Line(call.Tool, new Style(Color.Aqua));
            terminal.Line(ResultText.Of(call.Result));
        }

        terminal.Gap();
        if (report.Failure is { } failure)
        {
            terminal.Line($"✘ {failure.Message}", Bad);
            if (failure.Hint is not null)
            {
                terminal.Line($"  {failure.Hint}", Bad);
            }

            return;
        }

        terminal.Line(Success(report), Good);
    }

    private static string Success(RunReport report)
    {
        var who =
            !report.SignedIn ? "connected without sign-in"
            : report.User is null ? "signed in"
            : $"signed in as {report.User}";
        var called = report.Call is null ? "" : $", {report.Call.Tool} called";
        return $"✔ {who}, {report.Tools?.Count ?? 0} tools listed{called} ({Durations.Seconds(report.Duration)})";
    }
}
