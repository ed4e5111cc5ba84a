using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Upstream.Wire;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>
/// What a target has asked on the stream of one call and its client, of an older revision, has not answered yet. Questions go on while the
/// stream is read on; those that the call outlives are taken back.
/// </summary>
internal sealed class OpenQuestions(ClientQuestions questions, ClientTalk talk, CallLifetime life) : IAsyncDisposable
{
    // A target that asks more at once is not asking a person.
    private const int MaxOpen = 16;

    private readonly List<(ClientQuestion Question, Task Passing)> _open = [];

    /// <summary>Puts a target's request to the client, and passes the answer on when it comes.</summary>
    public async Task PassAsync(UpstreamExchange exchange, JsonObject asked)
    {
        if (!talk.CanBeAsked(asked) || _open.Count(static open => !open.Passing.IsCompleted) == MaxOpen)
        {
            await exchange.AnswerAsync(asked, Refusals.NobodyToAsk(asked));
            return;
        }

        var question = questions.Open(talk.Session!);
        await talk.AskAsync(question.Id, asked["method"]!.GetValue<string>(), asked["params"], life.Token);
        _open.Add((question, PassAnswerAsync(exchange, asked, question)));
    }

    /// <summary>Puts input requests (2026-07-28) to the client, and waits for all answers.</summary>
    /// <returns>The answers by the same keys; null when the client cannot be asked one of them, or answered with an error.</returns>
    public async Task<JsonObject?> AskAllAsync(JsonObject inputRequests)
    {
        var asked = new List<(string Key, ClientQuestion Question)>();
        foreach (var (key, value) in inputRequests)
        {
            if (value is not JsonObject request || asked.Count == MaxOpen || !talk.CanBeAsked(request))
            {
                return null;
            }

            var question = questions.Open(talk.Session!);
            _open.Add((question, question.Answered));
            asked.Add((key, question));
            var parameters = InputRequests.ForOlderClient(request);
            await talk.AskAsync(question.Id, request["method"]!.GetValue<string>(), parameters, life.Token);
        }

        var responses = new JsonObject();
        foreach (var (key, question) in asked)
        {
            var answer = await life.WaitAsync(question.Answered, ClientQuestions.Patience);
            if (answer["result"] is not JsonObject result)
            {
                return null;
            }

            responses[key] = result.DeepClone();
        }

        return responses;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (question, passing) in _open)
        {
            question.Dispose();
            if (!question.Answered.IsCompleted && !life.Token.IsCancellationRequested)
            {
                await talk.NotifyAsync(
                    "notifications/cancelled",
                    new JsonObject { ["requestId"] = question.Id, ["reason"] = "The answer is not needed any more." },
                    life.Token
                );
            }
        }
    }

    private async Task PassAnswerAsync(UpstreamExchange exchange, JsonObject asked, ClientQuestion question)
    {
        try
        {
            await exchange.AnswerAsync(asked, await life.WaitAsync(question.Answered, ClientQuestions.Patience));
        }
        catch (TimeoutException)
        {
            await exchange.AnswerAsync(asked, Refusals.Error(JsonRpcCodes.InternalError, "The client did not answer."));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // A target that does not take the answer says on the call's own stream what becomes of the call.
        }
    }
}
