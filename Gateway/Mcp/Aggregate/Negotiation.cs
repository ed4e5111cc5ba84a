using AspireGateway.Gateway.Mcp.Requests;
using Microsoft.Net.Http.Headers;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>
/// Whether a client speaks a revision that the gateway speaks, and takes answers in both forms that an answer may have. The others are left to
/// the SDK's server, which tells them what is offered.
/// </summary>
internal static class Negotiation
{
    private static readonly string[] Revisions =
    [
        "2024-11-05",
        "2025-03-26",
        "2025-06-18",
        "2025-11-25",
        McpRevisions.FirstModern,
    ];

    /// <summary>Checks a request whose body the pipeline has compared with its headers.</summary>
    public static bool Succeeds(HttpRequest http)
    {
        var revision = http.Headers[RevisionRules.Header];
        return (revision.Count == 0 || (revision is [{ } one] && Revisions.Contains(one))) && AcceptsBoth(http);
    }

    private static bool AcceptsBoth(HttpRequest http) =>
        http.Headers.Accept is [{ } only]
            && only.Contains("application/json", StringComparison.Ordinal)
            && only.Contains("text/event-stream", StringComparison.Ordinal)
        || (
            http.GetTypedHeaders().Accept is { } accepted
            && Matches(accepted, "application/json")
            && Matches(accepted, "text/event-stream")
        );

    private static bool Matches(IList<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Any(value => value.MatchesMediaType(type));
}
