using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Aggregate;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;

namespace AspireGateway.Gateway.Mcp;

/// <summary>Step 3: which target, and which of its tools, a request is about.</summary>
internal sealed class RequestRouter(TargetRegistry targets, ToolNames toolNames)
{
    /// <summary>Names of all targets, for error messages.</summary>
    public string Names =>
        targets.All is { Count: > 0 } all ? string.Join(", ", all.Select(static target => target.Name)) : "none";

    /// <summary>Whether the path names the aggregate endpoint or an existing target.</summary>
    public bool RouteExists(HttpContext context) =>
        !context.Request.RouteValues.ContainsKey(McpEndpointMetadata.TargetRouteValue)
        || (context.GetRouteTarget() is { } name && targets.Find(name) is not null);

    /// <summary>Fills in target and tool; returns what is unknown, or null.</summary>
    public McpRequestProblem? Resolve(HttpContext context, McpRequest request)
    {
        if (context.GetRouteTarget() is { } target)
        {
            request.Target = target;
            request.Tool = request.Method is "tools/call" ? request.Name : null;
            return null;
        }

        if (request.Method is not "tools/call")
        {
            return null;
        }

        if (!toolNames.TryResolve(request.Name!, out var resolved))
        {
            return new(
                JsonRpcCodes.InvalidParams,
                "unknown_tool",
                "There is no tool of this name. Ask for tools/list, and use the names as they are listed (target and tool together)."
            );
        }

        request.Target = resolved.Target;
        request.Tool = resolved.Tool;
        return null;
    }
}
