namespace AspireGateway.TestClient.Tracing;

/// <summary>A trace as the dashboard gives it to programs.</summary>
internal sealed record TracedFlow(
    string Id,
    string Name,
    double Milliseconds,
    int Spans,
    int Errors,
    IReadOnlyList<TracedStep> Steps,
    int Left
);

/// <summary>One arrow of its sequence diagram.</summary>
/// <param name="Step">Number in <c>docs/auth-flow.md</c>; empty for what has none there.</param>
/// <param name="From">Who speaks.</param>
/// <param name="To">Who is spoken to.</param>
/// <param name="What">What is said.</param>
/// <param name="At">Milliseconds since the trace began.</param>
/// <param name="Status">HTTP status; empty where there is none.</param>
/// <param name="Problem">What was wrong and what to do; null when nothing was.</param>
internal sealed record TracedStep(
    string Step,
    string From,
    string To,
    string What,
    double At,
    string Status,
    string? Problem
);
