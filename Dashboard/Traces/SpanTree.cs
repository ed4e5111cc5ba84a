namespace AspireGateway.Dashboard.Traces;

/// <summary>A span in the waterfall.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">How many ancestors it has.</param>
/// <param name="IsOrphan">Its parent was not received, or is in a circle with it.</param>
public sealed record SpanNode(SpanRecord Span, int Depth, bool IsOrphan);

/// <summary>
/// Puts spans below their parents. Nothing is believed: parents may be missing, name each other in a circle, or have a
/// clock that says they began after their children; every span comes out exactly once.
/// </summary>
internal static class SpanTree
{
    public static IReadOnlyList<SpanNode> Flatten(IReadOnlyList<SpanRecord> spans)
    {
        var ordered = spans
            .OrderBy(static span => span.Start)
            .ThenBy(static span => span.SpanId, StringComparer.Ordinal)
            .ToList();
        var known = ordered.Select(static span => span.SpanId).ToHashSet(StringComparer.Ordinal);
        var children = ordered
            .Where(span => span.ParentId is not null && known.Contains(span.ParentId))
            .ToLookup(static span => span.ParentId!, StringComparer.Ordinal);
        var nodes = new List<SpanNode>(ordered.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);

        // True roots first: they tell what the trace is. Then spans without a received parent, then what is left: circles.
        foreach (var root in ordered.Where(static span => span.ParentId is null))
        {
            Add(root, isOrphan: false, children, seen, nodes);
        }
        foreach (var orphan in ordered.Where(span => span.ParentId is not null && !known.Contains(span.ParentId)))
        {
            Add(orphan, isOrphan: true, children, seen, nodes);
        }
        foreach (var rest in ordered)
        {
            Add(rest, isOrphan: true, children, seen, nodes);
        }

        return nodes;
    }

    /// <summary>A span's ancestors, nearest first; ends at a missing parent and in a circle.</summary>
    public static IEnumerable<SpanRecord> Ancestors(SpanRecord span, IReadOnlyDictionary<string, SpanRecord> byId)
    {
        var steps = 0;
        while (span.ParentId is { } parent && byId.TryGetValue(parent, out var next) && steps++ < byId.Count)
        {
            yield return next;
            span = next;
        }
    }

    // With a stack of its own: a chain of thousands of spans must not end the process.
    private static void Add(
        SpanRecord root,
        bool isOrphan,
        ILookup<string, SpanRecord> children,
        HashSet<string> seen,
        List<SpanNode> nodes
    )
    {
        var waiting = new Stack<SpanNode>([new SpanNode(root, 0, isOrphan)]);
        while (waiting.TryPop(out var node))
        {
            if (!seen.Add(node.Span.SpanId))
            {
                continue;
            }

            nodes.Add(node);
            foreach (var child in children[node.Span.SpanId].Reverse())
            {
                waiting.Push(new SpanNode(child, node.Depth + 1, IsOrphan: false));
            }
        }
    }
}
