namespace AspireGateway.Dashboard.Traces;

/// <summary>
/// What really went wrong in a trace. The first request of every sign-in is answered with 401, and each HTTP library on the
/// way calls that an error; it is the flow's second step.
/// </summary>
internal static class Failures
{
    public const string MissingToken = "missing_token";

    public static IReadOnlyList<SpanRecord> Of(Trace trace)
    {
        if (!trace.Spans.Any(IsFailure))
        {
            return [];
        }

        var byId = trace.Spans.ToDictionary(static span => span.SpanId, StringComparer.Ordinal);
        var expected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var challenge in trace.Spans.Where(IsInvitation))
        {
            expected.Add(challenge.SpanId);
            foreach (
                var ancestor in SpanTree
                    .Ancestors(challenge, byId)
                    .TakeWhile(static span => span[Attributes.HttpStatus] == "401")
            )
            {
                expected.Add(ancestor.SpanId);
            }
        }

        return [.. trace.Spans.Where(span => IsFailure(span) && !expected.Contains(span.SpanId))];
    }

    // The steps of a consent end with a page for the person; the reason on their span says that it is a page of refusal.
    private static bool IsFailure(SpanRecord span) =>
        span.Failed
        || span.Name is "consent.open" or "consent.bind" or "consent.callback"
            && !string.IsNullOrEmpty(span[Attributes.Reason]);

    public static bool IsInvitation(SpanRecord span) =>
        span.Name == "inbound.challenge" && span[Attributes.Reason] == MissingToken;
}
