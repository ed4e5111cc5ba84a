using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>
/// Answers for calls that wait at another replica. The answer is put into the database; the replica with the target's stream takes it, goes on,
/// and puts what comes of it back.
/// </summary>
internal sealed class ParkedElsewhere : IDisposable
{
    private const string AnswerKind = "parked-answer";
    private const string OutcomeKind = "parked-outcome";
    private const string Topic = "parked-calls";

    // Whoever has the call hears of its answer within a second.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private readonly ParkedCalls _parked;
    private readonly CallConversation _conversation;
    private readonly TargetCall _calls;
    private readonly IRecordStore _records;
    private readonly IChangeFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger<ParkedElsewhere> _logger;
    private readonly IDisposable _subscription;

    public ParkedElsewhere(
        ParkedCalls parked,
        CallConversation conversation,
        TargetCall calls,
        IRecordStore records,
        IChangeFeed feed,
        TimeProvider time,
        ILogger<ParkedElsewhere> logger
    )
    {
        (_parked, _conversation, _calls) = (parked, conversation, calls);
        (_records, _feed, _time, _logger) = (records, feed, time, logger);
        _subscription = feed.Subscribe(Topic, OnNews);
    }

    /// <summary>Hands an answer over and waits for what comes of it.</summary>
    /// <returns>The answer for the client; null when no replica has the call.</returns>
    public async Task<JsonObject?> ContinueAsync(string id, JsonObject? responses, CancellationToken cancel)
    {
        var answer = Encoding.UTF8.GetBytes((responses ?? []).ToJsonString());
        var expires = _time.GetUtcNow() + ClientQuestions.Patience;
        if (!await _records.TryAddAsync(AnswerKind, id, group: null, answer, expires, cancel))
        {
            return null;
        }

        var started = _time.GetTimestamp();
        var tag = RandomText.Fingerprint(id);
        var news = _waiting[tag] = NewWait();
        await _feed.PublishAsync(Topic, tag, cancel);
        try
        {
            while (true)
            {
                await news
                    .Task.WaitAsync(LookAgain, _time, cancel)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancel.ThrowIfCancellationRequested();
                news = _waiting[tag] = NewWait();
                if (await _records.TakeAsync(OutcomeKind, id, cancel) is { } outcome)
                {
                    return JsonNode.Parse(outcome.Value.Span) as JsonObject;
                }

                // Nobody took it, although everybody has heard of it by now; or whoever did is gone.
                var waited = _time.GetElapsedTime(started);
                if (
                    waited > ClientQuestions.Patience
                    || (waited > Patience && await _records.RemoveAsync(AnswerKind, id, cancel))
                )
                {
                    return null;
                }
            }
        }
        finally
        {
            _waiting.TryRemove(tag, out _);
        }
    }

    public void Dispose() => _subscription.Dispose();

    // An empty tag says that something may have been missed.
    private void OnNews(string tag)
    {
        foreach (
            var waiting in tag.Length == 0 ? _waiting.Values
            : _waiting.TryGetValue(tag, out var one) ? [one]
            : []
        )
        {
            waiting.TrySetResult();
        }

        foreach (var id in _parked.Ids.Where(id => tag.Length == 0 || RandomText.Fingerprint(id) == tag))
        {
            _ = TakeUpAsync(id);
        }
    }

    private async Task TakeUpAsync(string id)
    {
        try
        {
            if (
                await _records.TakeAsync(AnswerKind, id, CancellationToken.None) is { } record
                && _parked.Take(id) is { } call
            )
            {
                var outcome = await GoOnAsync(call, JsonNode.Parse(record.Value.Span) as JsonObject);
                var bytes = Encoding.UTF8.GetBytes(outcome.ToJsonString());
                var expires = _time.GetUtcNow() + ClientQuestions.Patience;
                await _records.TryAddAsync(OutcomeKind, id, group: null, bytes, expires, CancellationToken.None);
                await _feed.PublishAsync(Topic, RandomText.Fingerprint(id), CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is VaultUnavailableException or OperationCanceledException)
        {
            _logger.HandOverFailed(exception);
        }
    }

    private Task<JsonObject> GoOnAsync(ParkedCall call, JsonObject? responses) =>
        _calls.ContinueAsync(
            call.Talk.Request,
            call,
            life => _conversation.ContinueAsync(call, responses, call.Talk with { Life = life }, listener: null),
            CancellationToken.None
        );

    private static TaskCompletionSource NewWait() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
