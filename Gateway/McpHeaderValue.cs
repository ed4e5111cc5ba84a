using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway;

/// <summary>
/// The form in which MCP 2026-07-28 repeats values of the body in headers (<c>Mcp-Name</c>, <c>Mcp-Param-…</c>): what is not visible ASCII
/// travels as <c>=?base64?…?=</c>.
/// </summary>
internal static class McpHeaderValue
{
    /// <summary>The header for a value.</summary>
    public static string Encode(string value) => McpHeaderEncoder.EncodeValue(value)!;

    /// <summary>The value that a header stands for; null when it is malformed.</summary>
    public static string? Decode(string header)
    {
        var value = header.AsSpan().Trim(" \t");
        return value.ContainsAnyExceptInRange(' ', '~') ? null
            : value.Length == header.Length ? McpHeaderEncoder.DecodeValue(header)
            : McpHeaderEncoder.DecodeValue(value.ToString());
    }
}
