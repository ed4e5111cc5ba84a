namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>Ends what is asked of a target: the client leaves, the process ends, or the time is over.</summary>
internal sealed class CallTime : IAsyncDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;

    /// <param name="left">How long it may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="client">The client leaves.</param>
    /// <param name="process">The process ends.</param>
    public CallTime(TimeSpan left, TimeProvider time, CancellationToken client, CancellationToken process)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(client, process);
        _timer = time.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(),
            _source,
            Due(left),
            Timeout.InfiniteTimeSpan
        );
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Lets it take longer, or shorter, counted from now.</summary>
    public void Change(TimeSpan left) => _timer.Change(Due(left), Timeout.InfiniteTimeSpan);

    public async ValueTask DisposeAsync()
    {
        // In this order: the timer must not fire on what is gone.
        await _timer.DisposeAsync();
        _source.Dispose();
    }

    private static TimeSpan Due(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
