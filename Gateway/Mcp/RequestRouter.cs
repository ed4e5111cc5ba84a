using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Naming;

namespace AspireGateway.Gateway.Mcp;

/// <summary>Step 3: which target, and which of its tools, prompts or resources, a request is about.</summary>
internal sealed class RequestRouter(TargetRegistry targets, AggregateNames names, Aliases aliases)
{
    /// <summary>Names of all targets, for error messages.</summary>
    public string Names =>
        targets.All is { Count: > 0 } all ? string.Join(", ", all.Select(static target => target.Name)) : "none";

    /// <summary>Whether the path names the aggregate endpoint or an existing target.</summary>
    public bool RouteExists(HttpContext context) =>
        !context.Request.RouteValues.ContainsKey(McpEndpointMetadata.TargetRouteValue)
        || (context.GetRouteTarget() is { } name && targets.Find(name) is not null);

    /// <summary>Fills in the target and what is asked of it; returns what is unknown, or null.</summary>
    public McpRequestProblem? Resolve(HttpContext context, McpRequest request)
    {
        if (context.GetRouteTarget() is { } target)
        {
            request.Target = target;
            request.OwnName = request.Name;
            request.Tool = request.Method is "tools/call" ? request.Name : null;
            return null;
        }

        var user = context.GetCaller()!.User;
        return request.Method switch
        {
            "tools/call" => Resolve(request, ListKind.Tools, request.Name!, user),
            "prompts/get" => Resolve(request, ListKind.Prompts, request.Name!, user),
            "resources/read" or "resources/subscribe" or "resources/unsubscribe" when request.Name is { } uri =>
                Resolve(request, ListKind.Resources, uri, user),
            "completion/complete" => ResolveReference(request, user),
            _ => null,
        };
    }

    // What a completion is about stands deeper in the body than what the strict reader picks out.
    private McpRequestProblem? ResolveReference(McpRequest request, UserId user)
    {
        var reference = (JsonNode.Parse(request.Body.Span) as JsonObject)?["params"] is JsonObject parameters
            ? parameters["ref"] as JsonObject
            : null;
        return reference.TextOf("type") switch
        {
            "ref/prompt" when reference.TextOf("name") is { } name => Resolve(request, ListKind.Prompts, name, user),
            "ref/resource" when reference.TextOf("uri") is { } uri => Resolve(request, ListKind.Resources, uri, user),
            _ => new(
                JsonRpcCodes.InvalidParams,
                ErrorCodes.InvalidReference,
                "'params.ref' must be a ref/prompt with a name, or a ref/resource with a uri."
            ),
        };
    }

    private McpRequestProblem? Resolve(McpRequest request, ListKind kind, string listed, UserId user)
    {
        if (names.Problem is { } problem)
        {
            return new(JsonRpcCodes.Refused, ErrorCodes.SeveralTargets, problem);
        }

        var isKnown = kind.IsByUri
            ? names.TryResolveUri(listed, out var resolved)
            : names.TryResolve(listed, out resolved);
        if (!isKnown)
        {
            return Unknown(kind.Member.TrimEnd('s'), kind.Method);
        }

        // Before anything is decided: rules are about names as their target spells them.
        request.Target = resolved.Target;
        request.OwnName = kind.IsByUri ? resolved.Name : aliases.Resolve(kind, resolved.Target, user, resolved.Name);
        request.Tool = kind == ListKind.Tools ? request.OwnName : null;
        return null;
    }

    private static McpRequestProblem Unknown(string what, string list) =>
        new(
            JsonRpcCodes.InvalidParams,
            what switch
            {
                "tool" => ErrorCodes.UnknownTool,
                "prompt" => ErrorCodes.UnknownPrompt,
                _ => ErrorCodes.UnknownResource,
            },
            $"There is no {what} of this name. Ask for {list}, and use the names as they are listed (with the target in front)."
        );
}
