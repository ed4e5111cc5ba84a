namespace AspireGateway.Dashboard.Metrics;

/// <summary>One chart: which metric it draws, and what about it.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Title">Heading.</param>
/// <param name="Meaning">What the numbers say.</param>
/// <param name="GroupBy">Attribute whose values are told apart; null for durations, which are drawn as percentiles.</param>
internal sealed record ChartDefinition(string Metric, string Title, string Meaning, string? GroupBy)
{
    private const string Outcome = "aspire_gateway.outcome";

    /// <summary>The charts, in the order of the page. Whatever else is sent is counted and not kept.</summary>
    public static readonly ChartDefinition[] All =
    [
        new("aspire_gateway.calls", "Calls", "MCP requests that were let through, by outcome", Outcome),
        new("aspire_gateway.duration", "Latency", "from the arrival of a request to the end of its answer", null),
        new("aspire_gateway.overhead", "Overhead", "the part of it in which no target was asked", null),
        new(
            "aspire_gateway.auth.failures",
            "Authentication failures",
            "requests answered with 401 or 403, by reason",
            "aspire_gateway.reason"
        ),
        new("aspire_gateway.vault.lookups", "Vault", "grants that calls looked for", Outcome),
        new("aspire_gateway.vault.refreshes", "Refreshes", "third-party tokens renewed, by outcome", Outcome),
    ];
}
