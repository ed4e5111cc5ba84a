using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Mcp.Credentials;

/// <summary>
/// What a target lists for one caller: from the shared catalogue, else from the caller's own look at the target, else one tool
/// whose call asks for the consent that everything else waits for.
/// </summary>
internal sealed class VisibleCatalogue(
    TargetCatalogue catalogue,
    PersonalCatalogue personal,
    ITargetCredentials credentials
)
{
    /// <summary>Name of the tool that stands for those which are not known yet.</summary>
    public const string ConnectTool = "connect_account";

    /// <summary>Items of one list; asks nobody for a consent.</summary>
    public ValueTask<IReadOnlyList<JsonObject>> OfAsync(
        Caller caller,
        Target target,
        ListKind kind,
        CancellationToken cancel
    )
    {
        var shared = catalogue.Get(target.Name);
        return !target.NeedsPerson || shared.Knows(kind)
            ? ValueTask.FromResult(shared.Contents.Of(kind))
            : new ValueTask<IReadOnlyList<JsonObject>>(OwnAsync(caller, target, kind, cancel));
    }

    /// <summary>Whether a request calls the stand-in, and not a tool of this name that the target has.</summary>
    public bool IsConnectCall(Target target, string? tool) =>
        target.NeedsPerson
        && tool is ConnectTool
        && !catalogue.Get(target.Name).Contents.Tools.Any(static known => known["name"]?.ToString() == ConnectTool);

    /// <summary>Result of the stand-in's call, once the consent is there.</summary>
    public static McpReply Connected(Target target, bool isModern)
    {
        var result = new JsonObject
        {
            ["content"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "text",
                    ["text"] =
                        $"Your account at '{target.Name}' is connected. Ask for tools/list again to see its tools.",
                }
            ),
        };
        if (isModern)
        {
            result["resultType"] = "complete";
        }

        return McpReply.Of(result);
    }

    private async Task<IReadOnlyList<JsonObject>> OwnAsync(
        Caller caller,
        Target target,
        ListKind kind,
        CancellationToken cancel
    )
    {
        var request = new CredentialRequest(caller.User, caller.ClientId, target) { MayAsk = false };
        var own = await credentials.GetAsync(request, cancel) is CredentialResult.Ready { Credential: { } credential }
            ? await personal.GetAsync(target, caller.User, credential, cancel)
            : null;
        return own?.Of(kind) ?? (kind == ListKind.Tools ? [StandIn(target)] : []);
    }

    private static JsonObject StandIn(Target target) =>
        new()
        {
            ["name"] = ConnectTool,
            ["title"] = $"Connect your account at {target.Name}",
            ["description"] =
                $"The tools of '{target.Name}' are listed after its user has connected an account. Call this tool to ask for that.",
            ["inputSchema"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() },
        };
}
