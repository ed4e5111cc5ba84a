using System.Collections.Concurrent;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>
/// Calls of clients with sessions, to be found again by <c>notifications/cancelled</c>, which comes in a request of its own and perhaps at another
/// replica. Newer revisions cancel by closing the request.
/// </summary>
internal sealed class RunningCalls : IDisposable
{
    private const string Topic = "call-cancelled";

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _calls = new(StringComparer.Ordinal);
    private readonly IChangeFeed _feed;
    private readonly IDisposable _subscription;

    public RunningCalls(IChangeFeed feed)
    {
        _feed = feed;
        _subscription = feed.Subscribe(Topic, tag => TryCancel(tag));
    }

    /// <summary>Makes a call known until it is disposed.</summary>
    public RunningCall Start(FoundSession session, string requestId, CancellationToken cancel)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var tag = TagOf(session, requestId);
        _calls[tag] = source;
        return new RunningCall(source, () => _calls.TryRemove(KeyValuePair.Create(tag, source)));
    }

    /// <summary>Cancels a call of this session, wherever it runs.</summary>
    public async Task CancelAsync(FoundSession session, string requestId)
    {
        var tag = TagOf(session, requestId);
        if (!TryCancel(tag))
        {
            // The notification's own request may be over before it is told.
            await _feed.PublishAsync(Topic, tag, CancellationToken.None);
        }
    }

    public void Dispose() => _subscription.Dispose();

    private bool TryCancel(string tag)
    {
        if (!_calls.TryRemove(tag, out var source))
        {
            return false;
        }

        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }

        return true;
    }

    private static string TagOf(FoundSession session, string requestId) =>
        RandomText.Fingerprint($"{session.Id} {requestId}");
}

/// <summary>A call while it runs.</summary>
internal sealed class RunningCall(CancellationTokenSource source, Action onEnd) : IDisposable
{
    /// <summary>Ends with the client's request, or when it takes the call back.</summary>
    public CancellationToken Token { get; } = source.Token;

    public void Dispose()
    {
        onEnd();
        source.Dispose();
    }
}
