using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Targets.Upstream.Wire;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>Requests that go to the target which the pipeline found, as JSON both ways.</summary>
internal sealed class RelayedCalls(
    ConnectedCall connected,
    TargetCall calls,
    CallConversation conversation,
    ParkedCalls parked,
    ParkedElsewhere elsewhere,
    RunningCalls running,
    RequestStates states,
    RelayedNames names,
    ParameterHeaders headers
)
{
    /// <summary>Relays a request.</summary>
    public async Task HandleAsync(ClientRequest current)
    {
        RelayedNames.ToTarget(current.Request, current.Parameters);
        var talk = ClientTalk.Of(current);
        using var call = current.Session is { } session ? running.Start(session, current.IdText, current.Left) : null;
        var token = call?.Token ?? current.Left;
        try
        {
            var answer = await AnswerAsync(current, talk, token);
            names.FromTarget(current.Request, answer["result"]);
            await current.Response.AnswerAsync(answer, current.Left);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested && !current.Left.IsCancellationRequested)
        {
            // The client does not look at it; it ends the stream.
            current.Request.Outcome = "cancelled";
            var answer = Refusals.Error(JsonRpcCodes.Refused, "The call was cancelled by its client.");
            await current.Response.AnswerAsync(answer, current.Left);
        }
    }

    private async Task<JsonObject> AnswerAsync(ClientRequest current, ClientTalk talk, CancellationToken cancel)
    {
        var parameters = current.Parameters;
        var state = RequestStates.IsOurs(parameters) ? null : parameters["requestState"];
        var relayed =
            state is null ? null
            : RequestStates.IsRelayed(parameters)
                ? await states.UseRelayedAsync(current.Caller, current.Request, parameters, cancel)
            : null;
        if (state is not null && relayed is null)
        {
            current.Request.Outcome = ErrorCodes.InvalidRequestState;
            return Refusals.Error(
                JsonRpcCodes.InvalidParams,
                ErrorCodes.InvalidRequestState,
                "This requestState is unknown, expired, used, or of another request. Send the call again without it."
            );
        }

        return relayed?.ParkedCall is { } id
            ? await ContinueAsync(current, talk, id, cancel)
            : await SendAsync(current, talk, relayed, cancel);
    }

    private async Task<JsonObject> SendAsync(
        ClientRequest current,
        ClientTalk talk,
        RelayedState? relayed,
        CancellationToken cancel
    )
    {
        var parameters = current.Parameters;
        var call = new UpstreamCall(current.Request.Method!, ForTarget(parameters))
        {
            Abilities = talk.Abilities,
            LogLevel = talk.LogLevel,
            WantsProgress = talk.WantsProgress,
            Listener = talk,
            Answers = AnswersFor(parameters, relayed),
            ParameterHeaders = headers.For(current.Request, current.Caller.User, parameters["arguments"]),
        };
        return await connected.SendAsync(
            current,
            sender =>
                calls.SendAsync(
                    current.Request,
                    sender,
                    talk.Abilities,
                    (connection, life) =>
                        conversation.RunAsync(
                            connection,
                            call,
                            new TalkContext(talk, current.Caller, current.Request, parameters, life)
                        ),
                    cancel
                ),
            cancel
        );
    }

    private async Task<JsonObject> ContinueAsync(
        ClientRequest current,
        ClientTalk talk,
        string id,
        CancellationToken cancel
    )
    {
        var responses = current.Parameters["inputResponses"] as JsonObject;
        if (parked.Take(id) is not { } call)
        {
            if (await elsewhere.ContinueAsync(id, responses, cancel) is { } answer)
            {
                return answer;
            }

            current.Request.Outcome = ErrorCodes.CallIsOver;
            return Refusals.Error(
                JsonRpcCodes.TargetUnavailable,
                ErrorCodes.CallIsOver,
                "The call that waited for this answer is over, or waits at another replica that cannot be reached. Call again."
            );
        }

        return await calls.ContinueAsync(
            current.Request,
            call,
            life =>
                conversation.ContinueAsync(
                    call,
                    responses,
                    new TalkContext(talk, current.Caller, current.Request, current.Parameters, life),
                    talk
                ),
            cancel
        );
    }

    // The client's answers belong to the state; without one they are the client's own, as the revision allows.
    private static InputAnswers? AnswersFor(JsonObject parameters, RelayedState? relayed) =>
        relayed is null ? null
        : relayed.PassAnswers ? new InputAnswers(parameters["inputResponses"] as JsonObject, relayed.TargetState)
        : new InputAnswers(null, null);

    // Without what was a matter between client and gateway.
    private static JsonObject ForTarget(JsonObject parameters)
    {
        if (!RequestStates.IsOurs(parameters))
        {
            return parameters;
        }

        var copy = (JsonObject)parameters.DeepClone();
        Passage.RemoveAnswer(copy);
        return copy;
    }
}
