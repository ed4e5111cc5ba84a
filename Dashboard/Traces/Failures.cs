namespace AspireGateway.Dashboard.Traces;

/// <summary>
/// What really went wrong in a trace. The first request of every sign-in is answered with 401, and each HTTP library on the
/// way calls that an error; it is the flow's second step.
/// </summary>
internal static class Failures
{
    private const string MissingToken = "missing_token";

    /// <summary>Spans that failed and should not have.</summary>
    public static IReadOnlyList<SpanRecord> Of(Trace trace) => Of(trace, Expected(trace));

    /// <inheritdoc cref="Of(Trace)"/>
    /// <param name="trace">The trace.</param>
    /// <param name="expected">What <see cref="Expected"/> found in it.</param>
    public static IReadOnlyList<SpanRecord> Of(Trace trace, IReadOnlySet<string> expected) =>
        [.. trace.Spans.Where(span => IsFailure(span) && !expected.Contains(span.SpanId))];

    /// <summary>Ids of the spans whose 401 is the answer that was asked for: a challenge that tells where tokens come from.</summary>
    public static IReadOnlySet<string> Expected(Trace trace)
    {
        var expected = new HashSet<string>(StringComparer.Ordinal);
        var byId = trace.Spans.ToDictionary(static span => span.SpanId, StringComparer.Ordinal);
        foreach (var challenge in trace.Spans.Where(IsInvitation))
        {
            expected.Add(challenge.SpanId);
            expected.UnionWith(
                SpanTree.Ancestors(challenge, byId).TakeWhile(IsUnauthorized).Select(static span => span.SpanId)
            );
        }

        // Discovery asks a protected server without a token.
        expected.UnionWith(
            trace
                .Spans.Where(span =>
                    IsUnauthorized(span)
                    && SpanTree.Ancestors(span, byId).Any(static around => around.Name == "oauth.discover")
                )
                .Select(static span => span.SpanId)
        );
        return expected;
    }

    private static bool IsUnauthorized(SpanRecord span) => span[Attributes.HttpStatus] == "401";

    // The steps of a consent end with a page for the person; the reason on their span says that it is a page of refusal.
    private static bool IsFailure(SpanRecord span) =>
        span.Failed
        || span.Name is "consent.open" or "consent.bind" or "consent.callback"
            && !string.IsNullOrEmpty(span[Attributes.Reason]);

    private static bool IsInvitation(SpanRecord span) =>
        span.Name == "inbound.challenge" && span[Attributes.Reason] == MissingToken;
}
