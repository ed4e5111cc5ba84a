namespace AspireGateway.Dashboard.Traces;

/// <summary>One trace at one moment, with what a list of traces says about it.</summary>
public sealed class Trace
{
    private readonly Lazy<TraceSummary> _summary;
    private readonly Lazy<IReadOnlyList<SpanNode>> _tree;

    /// <param name="id">32 hexadecimal digits.</param>
    /// <param name="spans">Its spans, at least one.</param>
    /// <param name="dropped">Spans that were not kept, because there were too many.</param>
    public Trace(string id, IReadOnlyList<SpanRecord> spans, int dropped)
    {
        Id = id;
        Spans = spans;
        Dropped = dropped;
        _tree = new(() => SpanTree.Flatten(Spans));
        _summary = new(() => TraceSummary.Of(this));
    }

    /// <summary>32 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<SpanRecord> Spans { get; }

    /// <summary>Spans that were not kept, because there were too many.</summary>
    public int Dropped { get; }

    /// <summary>Spans below their parents.</summary>
    public IReadOnlyList<SpanNode> Tree => _tree.Value;

    /// <summary>For the list.</summary>
    public TraceSummary Summary => _summary.Value;

    /// <summary>Path of its page.</summary>
    public string Path => "/traces/" + Id;
}

/// <summary>What the list of traces shows and filters by.</summary>
public sealed record TraceSummary(string Name, DateTimeOffset Start, TimeSpan Duration, int Spans)
{
    /// <summary>Resources that took part, by the time of their first span.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Spans that failed; a challenge that only asks for a sign-in is no failure.</summary>
    public int Errors { get; init; }

    /// <summary>Reasons of the failures, as codes.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Hashes of the people whose tokens were accepted.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Targets that were called.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Tools that were called, under each name they have on the way.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    internal static TraceSummary Of(Trace trace)
    {
        var failures = Failures.Of(trace);
        var start = trace.Spans.Min(static span => span.Start);
        return new TraceSummary(
            trace.Tree[0].Span.Title,
            start,
            trace.Spans.Max(static span => span.End) - start,
            trace.Spans.Count
        )
        {
            Resources =
            [
                .. trace
                    .Tree.Select(static node => node.Span)
                    .OrderBy(static span => span.Start)
                    .Select(static span => span.Resource)
                    .Distinct(StringComparer.Ordinal),
            ],
            Errors = failures.Count,
            Reasons = Values(failures, Attributes.Reason),
            Users = Values(trace.Spans, Attributes.User),
            Targets = Values(trace.Spans, Attributes.Target),
            Tools = Values(trace.Spans, Attributes.Tool),
        };
    }

    private static string[] Values(IEnumerable<SpanRecord> spans, string attribute) =>
        [
            .. spans
                .Select(span => span[attribute])
                .OfType<string>()
                .Where(static value => value.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
}

/// <summary>Names of attributes that the dashboard knows.</summary>
internal static class Attributes
{
    public const string Reason = "aspire_gateway.reason";
    public const string Target = "aspire_gateway.target";
    public const string User = "enduser.id";
    public const string Tool = "gen_ai.tool.name";
    public const string GrantType = "aspire_gateway.oauth.grant_type";
    public const string McpMethod = "mcp.method.name";
    public const string HttpMethod = "http.request.method";
    public const string HttpStatus = "http.response.status_code";
    public const string UrlPath = "url.path";
    public const string UrlFull = "url.full";
}
