using AspireGateway.TestClient.Output;
using Spectre.Console;

namespace AspireGateway.TestClient.Tracing;

/// <summary>Draws a flow as text: one line for each arrow of the sequence diagram.</summary>
internal static class FlowText
{
    private static readonly Style Dim = new(Color.Grey);
    private static readonly Style Number = new(Color.Aqua, decoration: Decoration.Bold);
    private static readonly Style Bad = new(Color.Red);

    public static void Print(Terminal terminal, TracedFlow flow)
    {
        var width = flow.Steps.Select(Ends).Select(static ends => ends.Length).DefaultIfEmpty(0).Max();
        terminal.Line(
            (flow.Name, new Style(decoration: Decoration.Bold)),
            ($"  {Time(flow.Milliseconds)}, {flow.Spans} spans, ", Dim),
            flow.Errors == 0 ? ("ok", new Style(Color.Green)) : ($"{flow.Errors} failed", Bad)
        );
        terminal.Line($"trace {flow.Id}", Dim);
        terminal.Gap();
        foreach (var step in flow.Steps)
        {
            var failed = step.Problem is not null;
            terminal.Line(
                ($"{Time(step.At), 9}  ", Dim),
                ($"{step.Step, -4} ", failed ? Bad : Number),
                ($"{Ends(step).PadRight(width)}  ", Style.Plain),
                (step.What, failed ? Bad : Style.Plain),
                (step.Status.Length == 0 ? "" : $"  {step.Status}", failed ? Bad : Dim)
            );
            if (failed)
            {
                terminal.Line($"{"", 16}✘ {step.Problem}", Bad);
            }
        }

        if (flow.Steps.Count == 0)
        {
            terminal.Line("No step of a flow is in this trace; the dashboard's waterfall shows its spans.", Dim);
        }

        if (flow.Left > 0)
        {
            terminal.Line($"{flow.Left} more steps are on the dashboard's page only.", Dim);
        }
    }

    private static string Ends(TracedStep step) => $"{step.From} → {step.To}";

    private static string Time(double milliseconds) =>
        Durations.Short(TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, 1e9)));
}
