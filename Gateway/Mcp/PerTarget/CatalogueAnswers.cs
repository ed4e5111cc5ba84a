using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>
/// Answers for a target that cannot be asked yet because the caller's consent is missing: the handshake and the lists, so that a client
/// gets as far as the call that asks for it.
/// </summary>
internal sealed class CatalogueAnswers(VisibleTools tools, ToolAccess access, ClientSessions sessions)
{
    private static readonly string[] KnownRevisions = ["2025-03-26", "2025-06-18", ClientSessions.NewestRevision];

    private static readonly Dictionary<string, string> EmptyLists = new(StringComparer.Ordinal)
    {
        ["prompts/list"] = "prompts",
        ["resources/list"] = "resources",
        ["resources/templates/list"] = "resourceTemplates",
    };

    /// <summary>The answer; null when only the target can give one.</summary>
    public async Task<McpReply?> TryAnswerAsync(HttpContext context, McpRequest request, Target target, bool isModern)
    {
        switch (request.Method)
        {
            case "initialize":
                return await InitializeAsync(context, request, target);
            case "server/discover":
                return McpReply.Of(Discover(target));
            case "ping":
                return McpReply.Of([]);
            case "tools/list":
                return McpReply.Of(await ListToolsAsync(context, target, isModern));
            default:
                return EmptyLists.TryGetValue(request.Method ?? "", out var member)
                    ? McpReply.Of(ListResult.Create(member, [], isModern))
                    : null;
        }
    }

    private async Task<McpReply> InitializeAsync(HttpContext context, McpRequest request, Target target)
    {
        var (id, session) = await sessions.StartAsync(context, request);
        context.Response.Headers[ClientSessions.Header] = id;
        return McpReply.Of(
            new JsonObject
            {
                ["protocolVersion"] = KnownRevisions.Contains(session.ProtocolVersion, StringComparer.Ordinal)
                    ? session.ProtocolVersion
                    : ClientSessions.NewestRevision,
                ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
                ["serverInfo"] = ServerInfo(target),
            }
        );
    }

    private static JsonObject Discover(Target target) =>
        new()
        {
            ["resultType"] = "complete",
            ["supportedVersions"] = new JsonArray("2026-07-28", ClientSessions.NewestRevision),
            ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
            ["serverInfo"] = ServerInfo(target),
            ["ttlMs"] = 0,
            ["cacheScope"] = "private",
        };

    private static JsonObject ServerInfo(Target target) =>
        new() { ["name"] = target.Name.Value, ["version"] = "1.0.0" };

    private async Task<JsonObject> ListToolsAsync(HttpContext context, Target target, bool isModern)
    {
        var caller = context.GetCaller()!;
        var visible = (await tools.OfAsync(caller, target, context.RequestAborted)).Where(tool =>
            access.IsListed(caller, target.Name, tool)
        );
        return ListResult.Create(new JsonArray([.. visible.Select(static tool => tool.DeepClone())]), isModern);
    }
}
