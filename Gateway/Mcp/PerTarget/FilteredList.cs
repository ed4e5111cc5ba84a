using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets.Catalogue;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>
/// Answers <c>tools/list</c> of one target from the catalogue where callers may not see every tool: the only answer on this
/// route that is not the target's own.
/// </summary>
internal sealed class FilteredList(TargetCatalogue catalogue, ToolAccess access)
{
    /// <summary>Whether this request is such a list.</summary>
    public bool Answers(McpRequest request) =>
        request is { Method: "tools/list", Target: { } target } && access.FiltersListOf(target);

    public Task WriteAsync(HttpContext context, McpRequest request)
    {
        var caller = context.GetCaller()!;
        var target = request.Target!.Value;
        var tools = catalogue.Get(target).Contents.Tools.Where(tool => access.IsListed(caller, target, tool));
        var isModern = McpRevisions.IsModern(context.Request.Headers["MCP-Protocol-Version"]);
        var response = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = JsonNode.Parse(request.Id.Span),
            ["result"] = ListResult.Create(
                ListKind.Tools.Member,
                new JsonArray([.. tools.Select(static tool => tool.DeepClone())]),
                isModern
            ),
        };
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(response.ToJsonString(), context.RequestAborted);
    }
}
