using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>
/// Answers for a target that cannot be asked yet because the caller's consent is missing: the handshake and the lists, so that a client
/// gets as far as the call that asks for it.
/// </summary>
internal sealed class CatalogueAnswers(
    TargetCatalogue catalogue,
    VisibleCatalogue visible,
    ToolAccess access,
    ClientSessions sessions
)
{
    private static readonly string[] KnownRevisions = ["2025-03-26", "2025-06-18", ClientSessions.NewestRevision];

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
            default:
                return ListKind.Of(request.Method) is { } kind
                    ? McpReply.Of(await ListAsync(context, target, kind, isModern))
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
                ["capabilities"] = Capabilities(target),
                ["serverInfo"] = ServerInfo(target),
            }
        );
    }

    private JsonObject Discover(Target target) =>
        new()
        {
            ["resultType"] = "complete",
            ["supportedVersions"] = new JsonArray(McpRevisions.FirstModern, ClientSessions.NewestRevision),
            ["capabilities"] = Capabilities(target),
            ["serverInfo"] = ServerInfo(target),
            ["ttlMs"] = 0,
            ["cacheScope"] = "private",
        };

    // Where only the tools are known, nobody can say what else will be there after the consent: it may be listed.
    private JsonObject Capabilities(Target target) =>
        catalogue.Get(target.Name).Contents.Server is { } known
            ? (JsonObject)known.Capabilities.DeepClone()
            : new JsonObject
            {
                ["tools"] = new JsonObject(),
                ["prompts"] = new JsonObject(),
                ["resources"] = new JsonObject(),
            };

    private JsonObject ServerInfo(Target target) =>
        catalogue.Get(target.Name).Contents.Server is { } known
            ? (JsonObject)known.Info.DeepClone()
            : new JsonObject { ["name"] = target.Name.Value, ["version"] = "1.0.0" };

    private async Task<JsonObject> ListAsync(HttpContext context, Target target, ListKind kind, bool isModern)
    {
        var caller = context.GetCaller()!;
        var items = (await visible.OfAsync(caller, target, kind, context.RequestAborted)).Where(item =>
            kind != ListKind.Tools || access.IsListed(caller, target.Name, item)
        );
        return ListResult.Create(
            kind.Member,
            new JsonArray([.. items.Select(static item => item.DeepClone())]),
            isModern
        );
    }
}
