using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything;

/// <summary>
/// The SDK lists in <c>server/discover</c> the revisions that need no handshake, but in error -32022 all that it speaks. A client
/// may compare the two, and both are answers to the same question, so the first is made as long as the second.
/// </summary>
internal static class EveryRevision
{
    private const string SupportedVersions = "supportedVersions";

    private static readonly string[] WithHandshake = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    /// <summary>The filter for what the server sends.</summary>
    public static McpMessageHandler Filter(McpMessageHandler next) =>
        (context, cancellationToken) =>
        {
            if (
                context.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result }
                && result[SupportedVersions] is JsonArray versions
            )
            {
                foreach (var version in WithHandshake)
                {
                    versions.Add((JsonNode)version);
                }
            }

            return next(context, cancellationToken);
        };
}
