using System.Diagnostics;
using System.Text;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Mcp;

/// <summary>The span of steps 7 to 9, the same for both endpoints.</summary>
internal static class TargetSpan
{
    // Clients choose them.
    private const int LongestRequestId = 64;

    /// <summary>Starts it; null when nobody listens.</summary>
    public static Activity? Start(Target target, McpRequest request)
    {
        var span = GatewayTelemetry.Start(Spans.TargetCall, ActivityKind.Client);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(Tags.Target, target.Name.Value)
                .SetTag(Tags.CredentialKind, target.CredentialKind)
                .SetTag(Tags.McpMethod, request.Method)
                .SetTag(Tags.Tool, request.Tool)
                .SetTag(Tags.RequestId, RequestId(request.Id.Span));
        }

        return span;
    }

    // As it stands in the body, without the quotes of a string.
    private static string? RequestId(ReadOnlySpan<byte> id)
    {
        var text = id is [(byte)'"', .. var quoted, (byte)'"'] ? quoted : id;
        return text.IsEmpty
            ? null
            : Encoding.UTF8.GetString(text.Length > LongestRequestId ? text[..LongestRequestId] : text);
    }
}
