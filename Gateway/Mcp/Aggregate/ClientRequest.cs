using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>A message of a client on the aggregate endpoint that the gateway answers itself.</summary>
/// <param name="Http">The HTTP request that it came in.</param>
/// <param name="Request">What the pipeline knows of it.</param>
/// <param name="Parameters">Its <c>params</c>; empty where it has none.</param>
/// <param name="IsModern">Whether the client speaks 2026-07-28 or newer.</param>
/// <param name="Response">Where it is answered.</param>
internal sealed record ClientRequest(
    HttpContext Http,
    McpRequest Request,
    JsonObject Parameters,
    bool IsModern,
    ClientResponse Response
)
{
    public Caller Caller { get; } = Http.GetCaller()!;

    /// <summary>The session of a client of an older revision; null without.</summary>
    public FoundSession? Session { get; } = Http.Features.Get<FoundSession>();

    /// <summary>The client has left.</summary>
    public CancellationToken Left { get; } = Http.RequestAborted;

    /// <summary>The JSON-RPC id, as it is named in <c>notifications/cancelled</c>.</summary>
    public string IdText => JsonNode.Parse(Request.Id.Span)!.ToString();
}
