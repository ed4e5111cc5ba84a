namespace AspireGateway.Dashboard.Traces;

/// <summary>Which traces a list shows; every part comes from the query string and may be missing.</summary>
public sealed record TraceFilter(string? Resource, string? Outcome, string? User, string? Target, string? Tool)
{
    /// <summary>Whether anything is left out.</summary>
    public bool IsEmpty => QueryString.Length == 0;

    /// <summary>The same filter as a query string, with its question mark; empty when there is none.</summary>
    public string QueryString =>
        Microsoft
            .AspNetCore.Http.QueryString.Create(
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["resource"] = Resource,
                    ["outcome"] = Outcome,
                    ["user"] = User,
                    ["target"] = Target,
                    ["tool"] = Tool,
                }.Where(static part => !string.IsNullOrWhiteSpace(part.Value))
            )
            .ToUriComponent();

    internal bool Matches(TraceSummary trace) =>
        Holds(Resource, trace.Resources)
        && Holds(User, trace.Users)
        && Holds(Target, trace.Targets)
        && Holds(Tool, trace.Tools)
        && Outcome switch
        {
            "error" => trace.Errors > 0,
            "ok" => trace.Errors == 0,
            _ => true,
        };

    // A tool is known by its own name at the target and by a longer one at the gateway; either part finds it.
    private static bool Holds(string? wanted, IReadOnlyList<string> there) =>
        string.IsNullOrWhiteSpace(wanted)
        || there.Any(value => value.Contains(wanted.Trim(), StringComparison.OrdinalIgnoreCase));
}
