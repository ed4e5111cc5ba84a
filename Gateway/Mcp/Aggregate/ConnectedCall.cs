using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Upstream;
using ModelContextProtocol;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>Steps 6 and 8 of the aggregate endpoint: a call with the person's credential, once more when the target refuses it.</summary>
internal sealed class ConnectedCall(TargetRegistry targets, CredentialGate gate)
{
    /// <summary>Calls by means of <paramref name="send"/>.</summary>
    /// <returns>The answer: has <c>result</c> or <c>error</c>.</returns>
    public async Task<JsonObject> SendAsync(
        ClientRequest current,
        Func<Sender, Task<JsonObject>> send,
        CancellationToken cancel
    )
    {
        var request = current.Request;
        var target =
            targets.Find(request.Target!.Value)
            ?? throw new McpProtocolException("There is no tool of this name any more.", McpErrorCode.InvalidParams);
        var passage = await gate.EnterAsync(current.Http, request, target);
        while (passage.Reply is null)
        {
            try
            {
                return await send(
                    new Sender(target, passage.Request?.User, passage.Credential) { Resends = passage.Refusals }
                );
            }
            catch (Exception exception)
                when (passage.Credential is not null && CredentialRefusedException.Find(exception) is not null)
            {
                var refusal = CredentialRefusedException.Find(exception)!.Refusal;
                passage = await gate.RetryAsync(passage, request, refusal, cancel);
            }
        }

        return passage.Reply.ToAnswer();
    }
}
