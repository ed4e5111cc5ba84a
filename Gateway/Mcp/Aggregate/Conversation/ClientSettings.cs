using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>What clients of older revisions say in messages of their own about other requests of their session.</summary>
internal sealed class ClientSettings(ClientSessions sessions, RunningCalls running)
{
    /// <summary><c>logging/setLevel</c>: kept in the session, for every replica.</summary>
    public async Task SetLevelAsync(MessageContext context, JsonRpcRequest request, CancellationToken cancel)
    {
        var level = request.Params?["level"]?.ToString();
        if (!LogLevels.IsKnown(level))
        {
            throw new McpProtocolException("params.level is no log level.", McpErrorCode.InvalidParams);
        }

        if (CurrentRequest.Of(context).Http.Features.Get<FoundSession>() is { } session)
        {
            await sessions.ChangeAsync(session, current => current with { LogLevel = level }, cancel);
        }

        var answer = new JsonObject { ["result"] = new JsonObject() };
        await AggregateAnswers.SendAsync(context, request, answer, isModern: false, cancel);
    }

    /// <summary><c>notifications/cancelled</c>: cancels the client's own call, and no other of the same id.</summary>
    public async Task CancelAsync(MessageContext context, JsonRpcNotification notification, CancellationToken cancel)
    {
        if (
            CurrentRequest.Of(context).Http.Features.Get<FoundSession>() is { } session
            && notification.Params?["requestId"] is JsonValue requestId
        )
        {
            await running.CancelAsync(session, requestId.ToString(), cancel);
        }
    }
}
