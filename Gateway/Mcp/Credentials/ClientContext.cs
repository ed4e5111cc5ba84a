using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Sessions;

namespace AspireGateway.Gateway.Mcp.Credentials;

/// <summary>What the client of one request can do, whichever era it is of.</summary>
/// <param name="Caller">Who calls.</param>
/// <param name="IsModern">Whether it speaks 2026-07-28 or newer.</param>
/// <param name="CanOpenLinks">Whether it declared elicitation in URL mode.</param>
/// <param name="Session">Its session; null without.</param>
internal sealed record ClientContext(Caller Caller, bool IsModern, bool CanOpenLinks, FoundSession? Session)
{
    /// <summary>Reads it from the request and, for older revisions, from the session.</summary>
    public static ClientContext Of(HttpContext context)
    {
        var session = context.Features.Get<FoundSession>();
        var isModern = McpRevisions.IsModern(context.Request.Headers["MCP-Protocol-Version"]);
        return new ClientContext(
            context.GetCaller()!,
            isModern,
            !isModern && session?.Session.CanOpenLinks is true,
            session
        );
    }

    /// <summary>Adds what a modern client says about itself in each request.</summary>
    public ClientContext With(JsonObject? parameters) =>
        IsModern
            ? this with
            {
                CanOpenLinks = parameters?["_meta"]?[McpMeta.ClientCapabilities]?["elicitation"]?["url"] is JsonObject,
            }
            : this;
}
