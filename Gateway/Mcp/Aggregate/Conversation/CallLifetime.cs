namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>
/// How long a call of a target lives: until its time is up, or the request that it belongs to ends. A call that waits for its person belongs
/// to no request for a while.
/// </summary>
internal sealed class CallLifetime : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TimeProvider _time;
    private CancellationTokenRegistration _caller;
    private CancellationToken _callerToken;

    public CallLifetime(TimeSpan timeout, TimeProvider time, CancellationToken caller)
    {
        _source = new CancellationTokenSource(timeout, time);
        _time = time;
        Follow(caller);
    }

    /// <summary>Ends the call.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the call ended because its time was up.</summary>
    public bool IsTimedOut => _source.IsCancellationRequested && !_callerToken.IsCancellationRequested;

    /// <summary>Whether the call waits for its person, and belongs to nobody's request.</summary>
    public bool IsParked { get; private set; }

    /// <summary>Lets the request of the client end without the call.</summary>
    public void Park(TimeSpan patience)
    {
        IsParked = true;
        _caller.Dispose();
        _callerToken = CancellationToken.None;
        _source.CancelAfter(patience);
    }

    /// <summary>Goes on with another request of the client.</summary>
    public void Resume(TimeSpan timeout, CancellationToken caller)
    {
        IsParked = false;
        _source.CancelAfter(timeout);
        Follow(caller);
    }

    /// <summary>Ends the call now.</summary>
    public void End() => _source.Cancel();

    /// <summary>Waits within this life.</summary>
    public Task<T> WaitAsync<T>(Task<T> task, TimeSpan patience) => task.WaitAsync(patience, _time, Token);

    public void Dispose()
    {
        _caller.Dispose();
        _source.Dispose();
    }

    private void Follow(CancellationToken caller)
    {
        _callerToken = caller;
        _caller = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }
}
