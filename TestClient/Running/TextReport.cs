using AspireGateway.TestClient.Mcp;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.Tour;
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

        if (report.Tour is { } tour)
        {
            TourTable.Print(terminal, tour);
        }

        foreach (var call in report.Calls)
        {
            terminal.Line(call.Tool, new Style(Color.Aqua));
            terminal.Line(ResultText.Of(call.Result));
        }

        terminal.Gap();
        if (report.TracePage is { } page)
        {
            terminal.Line($"trace {report.Trace}: {page}", new Style(Color.Grey));
        }

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
        List<string> done = [who];
        if (report.Tools is { } tools)
        {
            done.Add($"{tools.Count} tools listed");
        }

        if (report.Tour is { } tour)
        {
            done.Add($"{tour.Count(static cell => cell.Exists)} visits");
        }

        if (report.TokenScope is { } scope)
        {
            done.Add($"token for scope {scope}");
        }

        if (report.Calls.Count > 0)
        {
            done.Add($"{Enumerate([.. report.Calls.Select(static call => call.Tool)])} called");
        }

        if (report.Consents > 0)
        {
            done.Add(report.Consents == 1 ? "1 consent given" : $"{report.Consents} consents given");
        }

        return $"✔ {string.Join(", ", done)} ({Durations.Seconds(report.Duration)})";
    }

    private static string Enumerate(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
}
