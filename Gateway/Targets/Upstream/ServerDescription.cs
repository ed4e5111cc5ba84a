using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;

namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>What a target says about itself when a connection is opened.</summary>
/// <param name="Capabilities">Its capabilities.</param>
/// <param name="Info">Name and version of its software.</param>
/// <param name="Instructions">How to use it, in words for a model; null when it says nothing.</param>
internal sealed record ServerDescription(JsonObject Capabilities, JsonObject Info, string? Instructions)
{
    public static ServerDescription Of(McpClient client) =>
        new(ToJson(client.ServerCapabilities), InfoOf(client), client.ServerInstructions);

    /// <summary>Whether it declares a capability.</summary>
    public bool Declares(string capability) => Capabilities[capability] is JsonObject;

    // Optional since 2026-07-28; the SDK throws where it is missing.
    private static JsonObject InfoOf(McpClient client)
    {
        try
        {
            return ToJson(client.ServerInfo);
        }
        catch (InvalidOperationException)
        {
            return [];
        }
    }

    private static JsonObject ToJson<T>(T value) =>
        (JsonObject)JsonSerializer.SerializeToNode(value, McpJsonUtilities.DefaultOptions)!;
}
