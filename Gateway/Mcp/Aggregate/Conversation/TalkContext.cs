using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Requests;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>Between whom a conversation is, and for how long.</summary>
/// <param name="Client">The client's side.</param>
/// <param name="Caller">Who calls.</param>
/// <param name="Request">The client's request.</param>
/// <param name="Parameters">Its parameters, which the states of questions are bound to.</param>
/// <param name="Life">Ends it.</param>
internal sealed record TalkContext(
    ClientTalk Client,
    Caller Caller,
    McpRequest Request,
    JsonObject Parameters,
    CallLifetime Life
)
{
    /// <summary>The same without what ends with the client's request: its response, and the buffer of its body.</summary>
    public TalkContext Detach() =>
        this with
        {
            Client = Client.Detach(),
            Request = new McpRequest
            {
                Body = default,
                Method = Request.Method,
                Name = Request.Name,
                Target = Request.Target,
                Tool = Request.Tool,
                OwnName = Request.OwnName,
            },
        };
}
