using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>Lists over all targets, answered from the catalogue in a fixed order; a target that is down stays listed.</summary>
internal sealed class AggregateLists(TargetRegistry targets, ToolCatalogue catalogue, ToolNames names)
{
    // How long a client may keep a list; the catalogue itself is read again every few minutes.
    private const int TtlMilliseconds = 30_000;

    /// <summary>The result of <c>tools/list</c>.</summary>
    /// <param name="isModern">Whether the client speaks 2026-07-28, whose lists say how long they may be kept and by whom.</param>
    public JsonObject Tools(bool isModern)
    {
        var tools = new JsonArray();
        foreach (var target in targets.All)
        {
            foreach (var tool in catalogue.Get(target.Name).Tools)
            {
                var listed = (JsonObject)tool.DeepClone();
                listed["name"] = names.Qualify(target.Name, tool["name"]!.GetValue<string>());
                tools.Add((JsonNode)listed);
            }
        }

        var result = new JsonObject { ["tools"] = tools };
        if (isModern)
        {
            result["resultType"] = "complete";
            result["ttlMs"] = TtlMilliseconds;
            result["cacheScope"] = "private";
        }

        return result;
    }
}
