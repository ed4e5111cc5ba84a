namespace AspireGateway.Dashboard.Traces.Flow;

/// <summary>One HTTP request as far as it is known: the asking side's span, the answering side's, or both.</summary>
internal sealed class Exchange
{
    public required SpanRecord? Asked { get; init; }

    public required SpanRecord? Answered { get; init; }

    /// <summary>Around it, nearest first.</summary>
    public required IReadOnlyList<SpanRecord> Around { get; init; }

    /// <summary>In it, itself included.</summary>
    public required IReadOnlyList<SpanRecord> Inside { get; init; }

    /// <summary>The span to show.</summary>
    public SpanRecord Span => Answered ?? Asked!;

    public string Method => Span[Attributes.HttpMethod] ?? "";

    public string Status => Answered?[Attributes.HttpStatus] ?? Asked?[Attributes.HttpStatus] ?? "";

    public string Path =>
        Answered?[Attributes.UrlPath]
        ?? (Uri.TryCreate(Span[Attributes.UrlFull], UriKind.Absolute, out var url) ? url.AbsolutePath : "");

    /// <summary>Who asked, as a resource; null when only the answering side sent spans.</summary>
    public string? Caller => Asked?.Resource ?? Around.FirstOrDefault(span => span.Resource != Span.Resource)?.Resource;

    /// <summary>The span whose clock says when it was: the asking side's, where there is one.</summary>
    public SpanRecord Clock =>
        Asked ?? (Around is [{ Role: SpanRole.Client } caller, ..] && caller.Resource != Span.Resource ? caller : Span);

    /// <summary>"tools/call get_forecast", or the HTTP method where the MCP SDK sent no span.</summary>
    public string McpName
    {
        get
        {
            var mcp =
                Inside.FirstOrDefault(static span => span[Attributes.McpMethod] is not null)
                ?? Around.FirstOrDefault(static span => span[Attributes.McpMethod] is not null);
            return mcp is null ? Method : $"{mcp[Attributes.McpMethod]} {mcp[Attributes.Tool]}".TrimEnd();
        }
    }

    public static IReadOnlyList<Exchange> In(Trace trace)
    {
        var byId = trace.Spans.ToDictionary(static span => span.SpanId, StringComparer.Ordinal);
        var children = trace
            .Tree.Select(static node => node.Span)
            .Where(static span => span.ParentId is not null)
            .ToLookup(static span => span.ParentId!, StringComparer.Ordinal);
        var exchanges = new List<Exchange>();
        foreach (var span in trace.Tree.Select(static node => node.Span).Where(IsHttp))
        {
            var parent = span.ParentId is null ? null : byId.GetValueOrDefault(span.ParentId);
            var answer =
                span.Role == SpanRole.Server
                    ? span
                    : children[span.SpanId]
                        .FirstOrDefault(static child => IsHttp(child) && child.Role == SpanRole.Server);
            var asked =
                span.Role == SpanRole.Client ? span
                : parent is { Role: SpanRole.Client } && IsHttp(parent) ? parent
                : null;
            if (span.Role == SpanRole.Client ? answer is not null : span.Role != SpanRole.Server)
            {
                // Told by the answering side's span, which names the asking one.
                continue;
            }

            var top = asked ?? span;
            var around = SpanTree.Ancestors(top, byId).Take(50).ToArray();
            exchanges.Add(
                new Exchange
                {
                    Asked = asked,
                    Answered = answer,
                    Around = around,
                    Inside = [.. Below(top, children), .. OverMessage(top, around, children)],
                }
            );
        }

        return exchanges;
    }

    private static bool IsHttp(SpanRecord span) => span[Attributes.HttpMethod] is not null;

    // MCP carries the context in the message as well, so the server's work is below the client's message, beside the HTTP request.
    private static IEnumerable<SpanRecord> OverMessage(
        SpanRecord top,
        SpanRecord[] around,
        ILookup<string, SpanRecord> children
    ) =>
        around is [var message, ..] && message[Attributes.McpMethod] is not null
            ? children[message.SpanId]
                .Where(span => span.Role == SpanRole.Server && span.Start >= top.Start && span.Start <= top.End)
                .SelectMany(span => Below(span, children))
            : [];

    private static List<SpanRecord> Below(SpanRecord top, ILookup<string, SpanRecord> children)
    {
        var found = new List<SpanRecord>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<SpanRecord>([top]);
        while (found.Count < 300 && waiting.TryDequeue(out var span))
        {
            if (seen.Add(span.SpanId))
            {
                found.Add(span);
                foreach (var child in children[span.SpanId])
                {
                    waiting.Enqueue(child);
                }
            }
        }

        return found;
    }
}
