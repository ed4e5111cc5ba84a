using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;

namespace AspireGateway.Gateway.Mcp;

/// <summary>
/// The headers <c>Mcp-Param-…</c> of calls: compared with the arguments where a client sent or owes them, and made from the arguments for
/// targets. Which tools have some stands in the catalogue; what is not known there is left to the target.
/// </summary>
internal sealed class ParameterHeaders(TargetRegistry targets, TargetCatalogue catalogue, PersonalCatalogue personal)
{
    // By tool, for each list of tools; those that mark nothing are not in it.
    private readonly ConditionalWeakTable<
        IReadOnlyList<JsonObject>,
        FrozenDictionary<string, IReadOnlyList<ParameterHeader>>
    > _known = [];

    /// <summary>Returns what is missing or disagrees in a client's request, or null.</summary>
    public McpRequestProblem? Check(HttpContext context, McpRequest request) =>
        MarkedBy(request, context.GetCaller()!.User) is { Count: > 0 } marked ? Check(context, request, marked) : null;

    private static McpRequestProblem? Check(
        HttpContext context,
        McpRequest request,
        IReadOnlyList<ParameterHeader> marked
    )
    {
        var headers = context.Request.Headers;
        var isRequired = RevisionRules.IsModern(context.Request, request);
        var arguments = JsonNode.Parse(request.Body.Span)!["params"]!["arguments"];
        return
            marked
                .Select(header => header.Check(headers, arguments, isRequired))
                .FirstOrDefault(static problem => problem is not null)
                is { } problem
            ? HeaderAgreement.Mismatch(problem)
            : null;
    }

    /// <summary>The headers for the target of a call.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> For(McpRequest request, UserId user, JsonNode? arguments) =>
        MarkedBy(request, user) is { Count: > 0 } marked
            ?
            [
                .. marked
                    .Select(header => (header.Name, Value: header.ValueFor(arguments)))
                    .Where(static header => header.Value is not null)
                    .Select(static header => KeyValuePair.Create(header.Name, header.Value!)),
            ]
            : [];

    private IReadOnlyList<ParameterHeader> MarkedBy(McpRequest request, UserId user) =>
        request is { Tool: { } tool, Target: { } target } && ToolsOf(target, user) is { Count: > 0 } tools
            ? _known.GetValue(tools, Read).GetValueOrDefault(tool, [])
            : [];

    private IReadOnlyList<JsonObject>? ToolsOf(TargetName name, UserId user)
    {
        var shared = catalogue.Get(name);
        return shared.SynchronizedAt is not null ? shared.Contents.Tools
            : targets.Find(name) is { } target ? personal.Peek(target, user)?.Tools
            : null;
    }

    private static FrozenDictionary<string, IReadOnlyList<ParameterHeader>> Read(IReadOnlyList<JsonObject> tools) =>
        tools
            .Select(static tool => (Name: ListKind.Tools.KeyOf(tool)!, Headers: ParameterHeader.Of(tool)))
            .Where(static tool => tool.Headers.Count > 0)
            .DistinctBy(static tool => tool.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(static tool => tool.Name, static tool => tool.Headers, StringComparer.Ordinal);
}
