using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>Sends JSON-RPC answers on the response stream of their request.</summary>
internal static class AggregateAnswers
{
    /// <summary>Sends an answer.</summary>
    /// <param name="context">The request's context.</param>
    /// <param name="request">The request.</param>
    /// <param name="answer">Has <c>result</c> or <c>error</c>.</param>
    /// <param name="isModern">Whether the client speaks 2026-07-28, where each result says what it is.</param>
    /// <param name="cancel">Stops sending.</param>
    public static Task SendAsync(
        MessageContext context,
        JsonRpcRequest request,
        JsonObject answer,
        bool isModern,
        CancellationToken cancel
    )
    {
        if (answer["error"] is JsonObject error)
        {
            return context.Server.SendMessageAsync(
                new JsonRpcError
                {
                    Id = request.Id,
                    Error = new JsonRpcErrorDetail
                    {
                        Code = error["code"]!.GetValue<int>(),
                        Message = error["message"]!.GetValue<string>(),
                        Data = error["data"],
                    },
                },
                cancel
            );
        }

        var result = answer["result"];
        if (isModern && result is JsonObject members && !members.ContainsKey("resultType"))
        {
            members["resultType"] = "complete";
        }

        return context.Server.SendMessageAsync(new JsonRpcResponse { Id = request.Id, Result = result }, cancel);
    }

    /// <summary>The answer to a request with a state that is not the caller's, was used, or is too old.</summary>
    public static JsonObject InvalidState() =>
        Refusals.Error(
            JsonRpcCodes.InvalidParams,
            ErrorCodes.InvalidRequestState,
            "This requestState is unknown, expired, used, or of another request. Send the call again without it."
        );
}
