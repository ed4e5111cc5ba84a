using Microsoft.Extensions.Primitives;

namespace AspireGateway.Gateway.Mcp.Requests;

/// <summary>
/// MCP 2026-07-28 repeats method and name in headers. Such a request must have them, and a header that is there must agree with the
/// body whatever revision the request claims: something on the way may have decided by the header.
/// </summary>
internal static class HeaderAgreement
{
    public const string MethodHeader = "Mcp-Method";
    public const string NameHeader = "Mcp-Name";

    // Extensions may have routing names of their own; these are the ones that the revision itself demands.
    private static readonly string[] Named = ["tools/call", "prompts/get", "resources/read"];

    /// <summary>Returns what is missing or disagrees, or null.</summary>
    public static McpRequestProblem? Check(HttpRequest http, McpRequest request)
    {
        var isModern = RevisionRules.IsModern(http, request) && request.Method is not null;
        return Check(MethodHeader, http.Headers[MethodHeader], request.Method, isModern)
            ?? Check(
                NameHeader,
                http.Headers[NameHeader],
                request.RoutingName,
                isModern && Named.Contains(request.Method, StringComparer.Ordinal)
            );
    }

    /// <summary>What a client is told whose headers and body say different things.</summary>
    public static McpRequestProblem Mismatch(string message) =>
        new(JsonRpcCodes.HeaderMismatch, ErrorCodes.HeaderMismatch, message);

    private static McpRequestProblem? Check(string name, StringValues header, string? body, bool isRequired)
    {
        if (header.Count == 0)
        {
            return isRequired ? Mismatch($"The header {name} is missing. Send it with the value of the body.") : null;
        }

        return header is [{ } only] && string.Equals(McpHeaderValue.Decode(only), body, StringComparison.Ordinal)
            ? null
            : Mismatch($"The header {name} must be sent once and repeat the value of the body.");
    }
}
