using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>
/// Requests to clients that wait for their answers. An answer comes in a request of its own, perhaps at another replica: that one puts it
/// into the database and tells the others.
/// </summary>
internal sealed class ClientQuestions : IDisposable
{
    private const string Kind = "client-answer";
    private const string Topic = "client-answers";

    private readonly ConcurrentDictionary<string, ClientQuestion> _waiting = new(StringComparer.Ordinal);
    private readonly QuestionIds _ids;
    private readonly IRecordStore _records;
    private readonly IChangeFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger<ClientQuestions> _logger;
    private readonly IDisposable _subscription;

    public ClientQuestions(
        QuestionIds ids,
        IRecordStore records,
        IChangeFeed feed,
        TimeProvider time,
        ILogger<ClientQuestions> logger
    )
    {
        _ids = ids;
        _records = records;
        _feed = feed;
        _time = time;
        _logger = logger;
        _subscription = feed.Subscribe(Topic, OnElsewhere);
    }

    /// <summary>How long a person has for an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>A new question to the client of a session; waits until it is disposed.</summary>
    public ClientQuestion Open(FoundSession session)
    {
        var question = new ClientQuestion(_ids.Create(session), Close);
        _waiting[question.Tag] = question;
        return question;
    }

    /// <summary>Takes a client's answer.</summary>
    /// <returns>False when nothing was asked under this id in this session.</returns>
    public async Task<bool> TryAcceptAsync(FoundSession session, McpRequest request, CancellationToken cancel)
    {
        var answer = (JsonObject)JsonNode.Parse(request.Body.Span)!;
        if (answer.TextOf("id") is not { } id || !_ids.IsOf(session, id))
        {
            return false;
        }

        var tag = ClientQuestion.TagOf(id);
        if (_waiting.TryGetValue(tag, out var question))
        {
            question.Answer(answer);
            return true;
        }

        var expires = _time.GetUtcNow() + Patience;
        if (await _records.TryAddAsync(Kind, id, group: null, request.Body, expires, cancel))
        {
            await _feed.PublishAsync(Topic, tag, cancel);
        }

        return true;
    }

    public void Dispose() => _subscription.Dispose();

    private void Close(ClientQuestion question) => _waiting.TryRemove(question.Tag, out _);

    // An empty tag says that something may have been missed.
    private void OnElsewhere(string tag)
    {
        IEnumerable<ClientQuestion> concerned =
            tag.Length == 0 ? _waiting.Values
            : _waiting.TryGetValue(tag, out var one) ? [one]
            : [];
        foreach (var question in concerned)
        {
            _ = FetchAsync(question);
        }
    }

    private async Task FetchAsync(ClientQuestion question)
    {
        try
        {
            if (await _records.TakeAsync(Kind, question.Id, CancellationToken.None) is { } record)
            {
                question.Answer((JsonObject)JsonNode.Parse(record.Value.Span)!);
            }
        }
        catch (VaultUnavailableException exception)
        {
            _logger.HandOverFailed(exception);
        }
    }
}

/// <summary>One request to a client.</summary>
internal sealed class ClientQuestion(string id, Action<ClientQuestion> onClose) : IDisposable
{
    private readonly TaskCompletionSource<JsonObject> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its JSON-RPC id.</summary>
    public string Id => id;

    /// <summary>Names it without giving it away.</summary>
    public string Tag { get; } = TagOf(id);

    /// <summary>The client's answer: has <c>result</c> or <c>error</c>.</summary>
    public Task<JsonObject> Answered => _answer.Task;

    public static string TagOf(string id) => RandomText.Fingerprint(id);

    public void Answer(JsonObject answer) => _answer.TrySetResult(answer);

    public void Dispose() => onClose(this);
}
