using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>Lists over all targets, answered from the catalogue in a fixed order; a target that is down stays listed.</summary>
internal sealed class AggregateLists(
    TargetRegistry targets,
    ToolCatalogue catalogue,
    ToolNames names,
    ToolAccess access
)
{
    /// <summary>The result of <c>tools/list</c>.</summary>
    /// <param name="caller">Who asks; tools that are not theirs to see are left out.</param>
    /// <param name="isModern">Whether the client speaks 2026-07-28, whose lists say how long they may be kept and by whom.</param>
    public JsonObject Tools(Caller caller, bool isModern)
    {
        var tools = new JsonArray();
        foreach (var target in targets.All)
        {
            foreach (
                var tool in catalogue.Get(target.Name).Tools.Where(tool => access.IsListed(caller, target.Name, tool))
            )
            {
                var listed = (JsonObject)tool.DeepClone();
                listed["name"] = names.Qualify(target.Name, tool["name"]!.GetValue<string>());
                tools.Add((JsonNode)listed);
            }
        }

        return ListResult.Create(tools, isModern);
    }
}
