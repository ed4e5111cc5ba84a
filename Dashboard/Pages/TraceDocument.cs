using AspireGateway.Dashboard.Traces.Flow;

namespace AspireGateway.Dashboard.Pages;

/// <summary>A trace for programs, above all for the test client, which draws its flow as text.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Name">Name of its root.</param>
/// <param name="Start">When it began.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Spans">How many spans it has.</param>
/// <param name="Errors">How many of them failed.</param>
/// <param name="Steps">The arrows of the sequence diagram.</param>
/// <param name="Left">Arrows that were left out because there are too many.</param>
internal sealed record TraceDocument(
    string Id,
    string Name,
    DateTimeOffset Start,
    double Milliseconds,
    int Spans,
    int Errors,
    IReadOnlyList<TraceStep> Steps,
    int Left
)
{
    public static TraceDocument Of(TraceView view)
    {
        var summary = view.Trace.Summary;
        return new TraceDocument(
            view.Trace.Id,
            SafeText.Clean(summary.Name),
            summary.Start,
            summary.Duration.TotalMilliseconds,
            summary.Spans,
            summary.Errors,
            [.. view.Diagram.Legs.Select(leg => TraceStep.Of(leg, summary.Start))],
            view.Diagram.Left
        );
    }
}

/// <summary>One arrow.</summary>
/// <param name="Step">Number in <c>docs/auth-flow.md</c>; empty for what has none there.</param>
/// <param name="From">Who speaks.</param>
/// <param name="To">Who is spoken to.</param>
/// <param name="IsAnswer">Whether it answers an earlier arrow.</param>
/// <param name="What">What is said.</param>
/// <param name="At">Milliseconds since the trace began.</param>
/// <param name="Status">HTTP status; empty where there is none.</param>
/// <param name="Problem">What was wrong and what to do; null when nothing was.</param>
internal sealed record TraceStep(
    string Step,
    string From,
    string To,
    bool IsAnswer,
    string What,
    double At,
    string Status,
    string? Problem
)
{
    public static TraceStep Of(FlowLeg leg, DateTimeOffset start) =>
        new(
            leg.Step,
            FlowDrawing.Name(leg.From),
            FlowDrawing.Name(leg.To),
            leg.IsAnswer,
            SafeText.Clean(leg.Label),
            (leg.At - start).TotalMilliseconds,
            SafeText.Clean(leg.Status),
            leg.Explanation is null ? null : SafeText.Clean(leg.Explanation)
        );
}
