using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets.Naming;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>
/// Names and URIs in what the aggregate endpoint relays: a request gets its target's own, and the URIs in a result become such that the
/// client can read them at the gateway.
/// </summary>
internal sealed class RelayedNames(AggregateNames names)
{
    /// <summary>Puts the target's own name or URI into the parameters of a request.</summary>
    public static void ToTarget(McpRequest request, JsonObject parameters)
    {
        switch (request.Method)
        {
            case "tools/call" or "prompts/get":
                parameters["name"] = request.OwnName;
                break;
            case "resources/read" or "resources/subscribe" or "resources/unsubscribe":
                parameters["uri"] = request.OwnName;
                break;
            case "completion/complete" when parameters["ref"] is JsonObject reference:
                reference[reference.ContainsKey("uri") ? "uri" : "name"] = request.OwnName;
                break;
        }
    }

    /// <summary>Puts the gateway's URIs into a result, in place.</summary>
    public void FromTarget(McpRequest request, JsonNode? result)
    {
        if (names.IsSingle || request.Target is not { } target || result is not JsonObject members)
        {
            return;
        }

        switch (request.Method)
        {
            case "tools/call":
                RenameBlocks(target, members["content"]);
                break;
            case "prompts/get":
                foreach (var message in Objects(members["messages"]))
                {
                    RenameBlocks(target, message["content"]);
                }

                break;
            case "resources/read":
                foreach (var content in Objects(members["contents"]))
                {
                    Rename(target, content);
                }

                break;
        }
    }

    // A message of a prompt holds one block, a tool's result a list of them.
    private void RenameBlocks(TargetName target, JsonNode? content)
    {
        foreach (var block in content is JsonObject single ? [single] : Objects(content))
        {
            switch (block["type"]?.ToString())
            {
                case "resource_link":
                    Rename(target, block);
                    break;
                case "resource" when block["resource"] is JsonObject embedded:
                    Rename(target, embedded);
                    break;
            }
        }
    }

    private void Rename(TargetName target, JsonObject resource)
    {
        if (resource.TextOf("uri") is { } uri)
        {
            resource["uri"] = names.QualifyUri(target, uri);
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? array) => (array as JsonArray ?? []).OfType<JsonObject>();
}
