using System.Text;
using AspireGateway.TestClient.Output;
using Spectre.Console;

namespace AspireGateway.TestClient.Flow;

/// <summary>Prints each event of the flow as one line.</summary>
internal sealed class FlowPrinter(Terminal terminal)
{
    private const int StepWidth = 4;
    private const int TitleWidth = 22;

    private static readonly Style StepStyle = new(Color.Aqua);
    private static readonly Style Quiet = new(Color.Grey);

    /// <summary>Prints one event.</summary>
    public void Print(FlowEvent happened)
    {
        List<(string, Style?)> line =
        [
            ($"{happened.Step, -StepWidth}", StepStyle),
            ($"{happened.Title, -TitleWidth} ", null),
        ];
        if (happened.Method is not null)
        {
            line.Add(($"{happened.Method} {happened.Url} ", null));
        }

        if (happened.Status is { } status)
        {
            line.Add(($"→ {status} ", StatusStyle(happened.Step, status)));
        }

        line.Add((Details(happened), Quiet));
        terminal.Line([.. line]);
    }

    private static string Details(FlowEvent happened)
    {
        var details = new StringBuilder();
        if (happened.Duration is { } duration)
        {
            details.Append(Durations.Short(duration)).Append("  ");
        }

        return details.Append(happened.Note).ToString().TrimEnd();
    }

    // The challenge is what the first request is for, and other refusals are bad news.
    private static Style StatusStyle(FlowStep step, int status) =>
        status switch
        {
            < 400 => new Style(Color.Green),
            _ when step is FlowStep.A1 or FlowStep.A4 => new Style(Color.Yellow),
            _ => new Style(Color.Red),
        };
}
