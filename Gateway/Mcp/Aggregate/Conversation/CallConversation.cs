using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Credentials;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Targets.Upstream.Wire;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>
/// One call from the client's request to its answer, with whatever the target asks in between, between any two revisions:
/// </summary>
/// <remarks>
/// <code>
///  target asks by     client 2026-07-28                         client of an older revision
///  input_required     the result, with the state sealed          requests on its stream, then the call once more
///  requests           input_required; the target's stream waits  requests on its stream, answers passed on
///  error -32042       input_required, then the call once more    the error
/// </code>
/// </remarks>
internal sealed class CallConversation(ClientQuestions questions, ParkedCalls parked, RequestStates states)
{
    // A target that is still not satisfied after so many answers never will be.
    private const int MaxRounds = 10;

    /// <summary>Sends a call.</summary>
    /// <returns>The answer for the client: has <c>result</c> or <c>error</c>.</returns>
    public async Task<JsonObject> RunAsync(UpstreamConnection connection, UpstreamCall call, TalkContext talk)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var exchange = await connection.StartAsync(call, talk.Life.Token);
            var answer = await ReadAsync(exchange, talk);
            if (talk.Client.IsModern || !InputRequests.IsInputRequired(answer["result"]))
            {
                return answer;
            }

            var result = (JsonObject)answer["result"]!;
            var responses = await AskAsync(result["inputRequests"] as JsonObject ?? [], talk);
            if (responses is null)
            {
                return Refuse(
                    talk,
                    JsonRpcCodes.MissingCapability,
                    ErrorCodes.MissingCapability,
                    "The target asks for something that this client did not declare or did not answer."
                );
            }

            call = call with { Answers = new InputAnswers(responses, result["requestState"]?.ToString()) };
        }

        return Refuse(
            talk,
            JsonRpcCodes.InternalError,
            ErrorCodes.TooManyQuestions,
            "The target asks again and again."
        );
    }

    /// <summary>Goes on with a call whose target waits for this answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="responses">The client's answers by the keys of its input requests; null for none.</param>
    /// <param name="talk">Between whom.</param>
    /// <param name="listener">Hears what the target says from now on; null when nobody does.</param>
    public async Task<JsonObject> ContinueAsync(
        ParkedCall call,
        JsonObject? responses,
        TalkContext talk,
        ICallListener? listener
    )
    {
        call.Exchange.Listener = listener;
        if (responses?[InputRequests.OnlyKey] is not JsonObject answer)
        {
            // It was not among the answers; the client is asked once more.
            return Park(call.Exchange, call.Asked, talk);
        }

        await call.Exchange.AnswerAsync(call.Asked, new JsonObject { ["result"] = answer.DeepClone() });
        return await ReadAsync(call.Exchange, talk);
    }

    private async Task<JsonObject> ReadAsync(UpstreamExchange exchange, TalkContext talk)
    {
        OpenQuestions? open = null;
        try
        {
            while (true)
            {
                var message = await exchange.NextAsync();
                if (!message.ContainsKey("method"))
                {
                    return Translate(message, talk);
                }

                if (!talk.Client.CanBeAsked(message))
                {
                    await exchange.AnswerAsync(message, Refusals.NobodyToAsk(message));
                }
                else if (talk.Client.IsModern)
                {
                    return Park(exchange, message, talk);
                }
                else
                {
                    open ??= new OpenQuestions(questions, talk.Client, talk.Life);
                    await open.PassAsync(exchange, message);
                }
            }
        }
        finally
        {
            if (open is not null)
            {
                await open.DisposeAsync();
            }

            if (!talk.Life.IsParked)
            {
                await exchange.DisposeAsync();
            }
        }
    }

    private async Task<JsonObject?> AskAsync(JsonObject inputRequests, TalkContext talk)
    {
        await using var open = new OpenQuestions(questions, talk.Client, talk.Life);
        return await open.AskAllAsync(inputRequests);
    }

    private static JsonObject Refuse(TalkContext talk, int code, string reason, string message)
    {
        talk.Request.Outcome = reason;
        return Refusals.Error(code, reason, message);
    }

    private JsonObject Park(UpstreamExchange exchange, JsonObject asked, TalkContext talk)
    {
        var id = parked.TryPark(new ParkedCall(exchange, asked, talk.Life, talk.Detach()));
        if (id is null)
        {
            return Refuse(
                talk,
                JsonRpcCodes.TargetUnavailable,
                ErrorCodes.TooManyCalls,
                "Too many calls wait for a person. Try again later."
            );
        }

        var inputRequests = new JsonObject { [InputRequests.OnlyKey] = InputRequests.FromRequest(asked) };
        return Ask(inputRequests, new RelayedState(TargetState: null, id), talk);
    }

    private JsonObject Translate(JsonObject answer, TalkContext talk)
    {
        if (!talk.Client.IsModern)
        {
            return answer;
        }

        if (answer["error"] is JsonObject error && InputRequests.FromLinkError(error) is { } links)
        {
            return talk.Client.Abilities.HasFlag(ClientAbilities.Links)
                ? Ask(links, new RelayedState(TargetState: null, PassAnswers: false), talk)
                : Refuse(
                    talk,
                    JsonRpcCodes.MissingCapability,
                    ErrorCodes.MissingCapability,
                    "The target asks for a link to be opened."
                );
        }

        if (answer["result"] is JsonObject result && InputRequests.IsInputRequired(result))
        {
            result["requestState"] = Seal(new RelayedState(result["requestState"]?.ToString()), talk);
        }

        return answer;
    }

    private JsonObject Ask(JsonObject inputRequests, RelayedState state, TalkContext talk) =>
        new() { ["result"] = InputRequests.Create(inputRequests, Seal(state, talk)) };

    private string Seal(RelayedState state, TalkContext talk) =>
        states.Create(talk.Caller, talk.Request, talk.Parameters, state);
}
