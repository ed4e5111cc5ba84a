using Microsoft.Extensions.Primitives;

namespace AspireGateway.Gateway.Mcp.Requests;

/// <summary>
/// What MCP 2026-07-28 demands of a request besides its routing headers: the same revision in header and <c>_meta</c>, what the client
/// can do, and none of the methods that this revision removed.
/// </summary>
internal static class RevisionRules
{
    public const string Header = "MCP-Protocol-Version";

    private static readonly string[] Removed =
    [
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe",
    ];

    /// <summary>Whether header or body claims 2026-07-28 or newer; an older header does not undo what the body claims.</summary>
    public static bool IsModern(HttpRequest http, McpRequest request) =>
        McpRevisions.IsModern(http.Headers[Header]) || McpRevisions.IsModern(request.Revision);

    /// <summary>Returns which demand a message does not meet, or null. Older revisions demand nothing of this.</summary>
    public static McpRequestProblem? Check(HttpRequest http, McpRequest request)
    {
        var header = http.Headers[Header];
        if (header.Count > 1)
        {
            return HeaderAgreement.Mismatch($"The header {Header} must be sent once.");
        }

        if (request.Method is null || !IsModern(http, request))
        {
            return null;
        }

        return CheckRevision(header, request) ?? CheckMethod(header, request);
    }

    private static McpRequestProblem? CheckRevision(StringValues header, McpRequest request)
    {
        // Nobody would read an answer to a notification, and one that is dropped leaves work running.
        if (request.Revision is null && request.IsCall)
        {
            return Incomplete(McpMeta.ProtocolVersion);
        }

        if (request.Revision is not null && !string.Equals(header, request.Revision, StringComparison.Ordinal))
        {
            return HeaderAgreement.Mismatch(
                $"The header {Header} must be there and name the same revision as '_meta' of the body."
            );
        }

        return request is { IsCall: true, HasClientCapabilities: false }
            ? Incomplete(McpMeta.ClientCapabilities)
            : null;
    }

    // Only of this revision is it known what it removed.
    private static McpRequestProblem? CheckMethod(StringValues header, McpRequest request) =>
        header == McpRevisions.FirstModern && request.IsCall && Removed.Contains(request.Method, StringComparer.Ordinal)
            ? new(
                JsonRpcCodes.MethodNotFound,
                ErrorCodes.MethodNotFound,
                $"MCP {McpRevisions.FirstModern} has no method '{request.Method}'. Use server/discover and subscriptions/listen."
            )
            {
                Status = StatusCodes.Status404NotFound,
            }
            : null;

    private static McpRequestProblem Incomplete(string member) =>
        new(
            JsonRpcCodes.InvalidParams,
            ErrorCodes.InvalidParams,
            $"Requests of MCP {McpRevisions.FirstModern} and newer need 'params._meta' with '{member}'."
        );
}
