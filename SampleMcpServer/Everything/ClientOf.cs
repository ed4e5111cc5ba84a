using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything;

/// <summary>What is known about the client that sent a request: from the request itself, or from its session's start.</summary>
internal static class ClientOf
{
    private const string FirstWithoutSessions = "2026-07-28";

    /// <summary>Whether the client speaks a revision that has no sessions.</summary>
    public static bool IsModern(MessageContext request) =>
        string.CompareOrdinal(
            request.JsonRpcMessage.Context?.ProtocolVersion ?? request.Server.NegotiatedProtocolVersion,
            FirstWithoutSessions
        ) >= 0;

    /// <summary>What the client can be asked.</summary>
    public static ClientCapabilities Capabilities(MessageContext request) =>
        (IsModern(request) ? request.JsonRpcMessage.Context?.ClientCapabilities : request.Server.ClientCapabilities)
        ?? new();
}
