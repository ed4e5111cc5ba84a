using Microsoft.Extensions.Primitives;

namespace AspireGateway.Gateway.Mcp.Requests;

/// <summary>
/// MCP 2026-07-28 repeats method and name in headers. A header that is there must agree with the body, whatever revision the
/// request claims: something on the way may have decided by the header.
/// </summary>
internal static class HeaderAgreement
{
    public const string MethodHeader = "Mcp-Method";
    public const string NameHeader = "Mcp-Name";

    /// <summary>Returns what disagrees, or null.</summary>
    public static McpRequestProblem? Check(HttpRequest http, McpRequest request) =>
        Agrees(http.Headers[MethodHeader], request.Method) && Agrees(http.Headers[NameHeader], request.Name)
            ? null
            : new(
                JsonRpcCodes.HeaderMismatch,
                ErrorCodes.HeaderMismatch,
                $"The headers {MethodHeader} and {NameHeader} must repeat the method and the name of the body."
            );

    private static bool Agrees(StringValues header, string? body) =>
        header.Count == 0
        || (header is [{ } only] && string.Equals(McpHeaderValue.Decode(only), body, StringComparison.Ordinal));
}
