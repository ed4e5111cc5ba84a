using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Naming;
using AspireGateway.Gateway.Targets.Upstream;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>
/// What the aggregate endpoint says about itself, as a filter of the SDK's answers to <c>initialize</c> and <c>server/discover</c>: the SDK
/// knows the revisions, and the catalogue knows what the targets can do.
/// </summary>
internal sealed class AggregateHandshake(TargetRegistry targets, TargetCatalogue catalogue, AggregateNames names)
{
    private const int MaxInstructions = 2000;

    /// <summary>Wraps the sending of messages.</summary>
    public McpMessageHandler Wrap(McpMessageHandler next) =>
        (context, cancel) =>
        {
            if (
                context.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result }
                && result.ContainsKey("capabilities")
            )
            {
                result["capabilities"] = Capabilities();
                result["instructions"] = Instructions();
            }

            return next(context, cancel);
        };

    /// <summary>
    /// The union of what the targets can do. One whose prompts and resources are not known before its person has consented may have both.
    /// </summary>
    public JsonObject Capabilities()
    {
        var known = targets.All.Select(target => (Target: target, Server: ServerOf(target))).ToList();
        var isOpen = known.Any(static target => target.Target.NeedsPerson && target.Server is null);
        var capabilities = new JsonObject { ["tools"] = new JsonObject { ["listChanged"] = true } };
        foreach (var capability in (string[])["prompts", "resources", "completions"])
        {
            if (
                known.Any(target => target.Server?.Declares(capability) is true)
                || (isOpen && capability is not "completions")
            )
            {
                capabilities[capability] = capability is "completions"
                    ? new JsonObject()
                    : new JsonObject { ["listChanged"] = true };
            }
        }

        if (known.Any(static target => target.Server?.Capabilities["resources"]?["subscribe"]?.ToString() is "true"))
        {
            capabilities["resources"]!["subscribe"] = true;
        }

        if (known.Any(static target => target.Server?.Declares("logging") is true))
        {
            capabilities["logging"] = new JsonObject();
        }

        return capabilities;
    }

    /// <summary>What the targets say to models, each under its name.</summary>
    public string Instructions()
    {
        var said = targets
            .All.Select(target => (target.Name, Text: ServerOf(target)?.Instructions ?? ""))
            .Where(static target => target.Text.Length > 0)
            .ToList();
        if (names.IsSingle)
        {
            return said is [var (_, only)] ? only : "";
        }

        var text = new StringBuilder(
            "Tools, prompts and resources of several MCP servers. Each name and URI starts with its server."
        );
        foreach (var (name, instructions) in said)
        {
            text.Append($"\n\n{name}: {instructions[..Math.Min(instructions.Length, MaxInstructions)]}");
        }

        return text.ToString();
    }

    private ServerDescription? ServerOf(Target target) => catalogue.Get(target.Name).Contents.Server;
}
