using AspireGateway.Gateway.Outbound.Connect;

namespace AspireGateway.Gateway.Outbound.SelfService;

/// <summary>What is said after a change: what happened, and what happens next.</summary>
internal static class NoticeText
{
    public static Notice Of(Disconnection? ended) =>
        ended?.Revocation switch
        {
            Revocation.Confirmed => Notice.DisconnectedAndRevoked,
            Revocation.NotConfirmed => Notice.DisconnectedOnly,
            Revocation.AlreadyOver => Notice.DisconnectedAfterEnd,
            _ => Notice.WasNotConnected,
        };

    public static string Of(Notice notice, TargetName target) =>
        notice switch
        {
            Notice.Connected =>
                $"{target} is connected. An agent that waited for it goes on by itself or when you repeat your request; any other agent asks you first.",
            Notice.DisconnectedAndRevoked =>
                $"{target} is disconnected. Its provider confirmed that the gateway's access has ended. The next agent that needs {target} asks you again.",
            Notice.DisconnectedOnly =>
                $"{target} is disconnected: the gateway has forgotten your permission, and the next agent that needs {target} asks you again. Its provider did not confirm that it ended the access too. To be sure, remove the gateway in your account's settings there.",
            Notice.DisconnectedAfterEnd =>
                $"{target} is disconnected. The access had ended before; there was nothing left to take back.",
            Notice.AgentWithdrawn => $"This agent cannot use {target} any more. When it needs it again, it asks you.",
            _ => $"{target} was not connected. Nothing was changed.",
        };
}
