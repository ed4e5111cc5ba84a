using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Upstream;
using ModelContextProtocol;

namespace AspireGateway.Gateway.Mcp.Aggregate;

/// <summary>Steps 6 and 8 of the aggregate endpoint: a call with the person's credential, once more when the target refuses it.</summary>
internal sealed class ConnectedCall(TargetRegistry targets, CredentialGate gate, VisibleTools tools)
{
    // The first one refreshes or finds that somebody has refreshed; after the second, the person is asked or told.
    private const int MaxRefusals = 2;

    /// <summary>Calls by means of <paramref name="send"/>.</summary>
    public async Task<CalledResult> SendAsync(
        CurrentRequest current,
        Func<Sender, Task<JsonNode?>> send,
        CancellationToken cancel
    )
    {
        var request = current.Request;
        var target =
            targets.Find(request.Target!.Value)
            ?? throw new McpProtocolException("There is no tool of this name any more.", McpErrorCode.InvalidParams);
        var passage = await gate.EnterAsync(current.Http, request, target);
        for (var refusals = 0; passage.Reply is null; refusals++)
        {
            if (tools.IsConnectCall(target, request.Tool))
            {
                return new CalledResult(null, VisibleTools.Connected(target, passage.Client!.IsModern));
            }

            try
            {
                return new CalledResult(
                    await send(new Sender(target, passage.Request?.User, passage.Credential)),
                    null
                );
            }
            catch (Exception exception)
                when (passage.Credential is not null && CredentialRefusedException.Find(exception) is not null)
            {
                var refusal = CredentialRefusedException.Find(exception)!.Refusal;
                passage =
                    refusals < MaxRefusals
                        ? await gate.RetryAsync(passage, request, refusal, cancel)
                        : passage with
                        {
                            Reply = ConsentAnswers.Explain(
                                passage.Client!,
                                request,
                                "target_rejects_token",
                                $"Target '{target.Name}' refuses every credential that the gateway has for you."
                            ),
                        };
            }
        }

        return new CalledResult(null, passage.Reply);
    }
}

/// <summary>A target's result, or the gateway's own answer in its place.</summary>
internal sealed record CalledResult(JsonNode? Result, McpReply? Reply);
