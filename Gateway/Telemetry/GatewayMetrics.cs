using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AspireGateway.Gateway.Telemetry;

/// <summary>The gateway's one meter. Its instruments are listed in <c>docs/telemetry.md</c>, which a test compares with them.</summary>
internal static class GatewayMetrics
{
    // Seconds, as OpenTelemetry advises for durations; finer below a millisecond, which is what the gateway itself needs.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
        [
            0.0001,
            0.00025,
            0.0005,
            0.001,
            0.0025,
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10,
            30,
            60,
        ],
    };

    private static readonly Meter Meter = new(GatewayTelemetry.Name);

    private static readonly Counter<long> Calls = Meter.CreateCounter<long>(
        "aspire_gateway.calls",
        "{call}",
        "MCP requests that were let through, by target, tool, method and outcome."
    );

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "aspire_gateway.duration",
        "s",
        "Time from the arrival of an MCP request that was let through to the end of its answer.",
        tags: null,
        Seconds
    );

    private static readonly Histogram<double> Overhead = Meter.CreateHistogram(
        "aspire_gateway.overhead",
        "s",
        "The part of that time in which no target was asked.",
        tags: null,
        Seconds
    );

    private static readonly Counter<long> AuthFailures = Meter.CreateCounter<long>(
        "aspire_gateway.auth.failures",
        "{request}",
        "Requests answered with 401 or 403, by reason."
    );

    private static readonly Counter<long> RateLimited = Meter.CreateCounter<long>(
        "aspire_gateway.rate_limited",
        "{request}",
        "Requests answered with 429, by reason."
    );

    private static readonly Counter<long> PolicyDecisions = Meter.CreateCounter<long>(
        "aspire_gateway.policy.decisions",
        "{decision}",
        "Decisions about tool calls, by decision, rule and target."
    );

    private static readonly Counter<long> Lookups = Meter.CreateCounter<long>(
        "aspire_gateway.vault.lookups",
        "{lookup}",
        "Grants looked for by calls: hit, miss, or expired when it has to be refreshed first."
    );

    private static readonly Counter<long> Refreshes = Meter.CreateCounter<long>(
        "aspire_gateway.vault.refreshes",
        "{refresh}",
        "Refreshes of third-party tokens: refreshed, ended, failed or superseded."
    );

    private static readonly Counter<long> Elicitations = Meter.CreateCounter<long>(
        "aspire_gateway.elicitations",
        "{elicitation}",
        "Consents: started, completed, declined or expired."
    );

    private static readonly Gauge<int> CatalogTools = Meter.CreateGauge<int>(
        "aspire_gateway.catalog.tools",
        "{tool}",
        "Tools known of each target."
    );

    private static readonly Histogram<double> AuditLag = Meter.CreateHistogram(
        "aspire_gateway.audit.lag",
        "s",
        "Time from the making of an audit record until it is written.",
        tags: null,
        Seconds
    );

    /// <summary>Whether somebody wants durations; then each request's arrival is noted.</summary>
    public static bool MeasuresTime => Duration.Enabled || Overhead.Enabled;

    /// <summary>A request that was let through has been answered.</summary>
    public static void Called(string? target, string? tool, string? method, string outcome) =>
        Calls.Add(1, new(Tags.Target, target), new(Tags.Tool, tool), new(Tags.McpMethod, method), Outcome(outcome));

    /// <summary>How long it took.</summary>
    public static void Took(string? target, string? tool, string outcome, TimeSpan duration, TimeSpan inTarget)
    {
        var tags = new TagList
        {
            { Tags.Target, target },
            { Tags.Tool, tool },
            Outcome(outcome),
        };
        Duration.Record(duration.TotalSeconds, tags);
        Overhead.Record(Math.Max(0, (duration - inTarget).TotalSeconds), tags);
    }

    /// <summary>A request was refused.</summary>
    public static void Refused(int status, string reason)
    {
        switch (status)
        {
            case StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden:
                AuthFailures.Add(1, new KeyValuePair<string, object?>(Tags.Reason, reason));
                break;
            case StatusCodes.Status429TooManyRequests:
                RateLimited.Add(1, new KeyValuePair<string, object?>(Tags.Reason, reason));
                break;
            default:
                break;
        }
    }

    /// <summary>Whether a tool may be called was decided.</summary>
    public static void Decided(string decision, string rule, string target) =>
        PolicyDecisions.Add(1, new(Tags.Decision, decision), new(Tags.Rule, rule), new(Tags.Target, target));

    /// <summary>A call looked for its grant.</summary>
    public static void LookedUp(string outcome) => Lookups.Add(1, Outcome(outcome));

    /// <summary>A refresh has ended.</summary>
    public static void Refreshed(string outcome) => Refreshes.Add(1, Outcome(outcome));

    /// <summary>Something became of questions to people.</summary>
    public static void Elicited(string outcome, int count = 1) => Elicitations.Add(count, Outcome(outcome));

    /// <summary>The tools of a target are known, or known no more.</summary>
    public static void Catalogued(string target, int tools) =>
        CatalogTools.Record(tools, new KeyValuePair<string, object?>(Tags.Target, target));

    /// <summary>An audit record was written.</summary>
    public static void Audited(TimeSpan lag) => AuditLag.Record(lag.TotalSeconds);

    private static KeyValuePair<string, object?> Outcome(string outcome) => new(Tags.Outcome, outcome);
}
