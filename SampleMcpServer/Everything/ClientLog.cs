using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AspireGateway.SampleMcpServer.Everything;

/// <summary>Log messages for the caller of a tool, who says from which level on: for the session, or in each request.</summary>
internal static class ClientLog
{
    /// <summary>Sends a message of level info on the stream of the request, unless the caller wants none of that level.</summary>
    public static Task InfoAsync(MessageContext request, string message, CancellationToken cancellationToken)
    {
        var wanted = ClientOf.IsModern(request)
            ? request.JsonRpcMessage.Context?.LogLevel
            : request.Server.LoggingLevel ?? LoggingLevel.Info;
        return wanted is { } level && level <= LoggingLevel.Info
            ? request.Server.SendNotificationAsync(
                NotificationMethods.LoggingMessageNotification,
                new LoggingMessageNotificationParams
                {
                    Level = LoggingLevel.Info,
                    Logger = "everything",
                    Data = JsonSerializer.SerializeToElement(message),
                },
                cancellationToken: cancellationToken
            )
            : Task.CompletedTask;
    }
}
