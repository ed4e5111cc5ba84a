using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Targets;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>Lists over all targets, answered from the catalogue in a fixed order; a target that is down stays listed.</summary>
internal sealed class AggregateLists(TargetRegistry targets, VisibleTools visible, ToolNames names, ToolAccess access)
{
    /// <summary>The result of <c>tools/list</c>.</summary>
    /// <param name="caller">Who asks; tools that are not theirs to see are left out.</param>
    /// <param name="isModern">Whether the client speaks 2026-07-28, whose lists say how long they may be kept and by whom.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<JsonObject> ToolsAsync(Caller caller, bool isModern, CancellationToken cancel)
    {
        var tools = new JsonArray();
        foreach (var target in targets.All)
        {
            var listed = await visible.OfAsync(caller, target, cancel);
            foreach (var tool in listed.Where(tool => access.IsListed(caller, target.Name, tool)))
            {
                var renamed = (JsonObject)tool.DeepClone();
                renamed["name"] = names.Qualify(target.Name, tool["name"]!.GetValue<string>());
                tools.Add((JsonNode)renamed);
            }
        }

        return ListResult.Create(tools, isModern);
    }
}
