namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>Gives up a target that says nothing.</summary>
internal static class Silence
{
    /// <summary>Does something with a target that may not take for ever.</summary>
    /// <param name="patience">How long it may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ask">What to do.</param>
    /// <param name="what">What the target was to do, for the message.</param>
    /// <param name="cancel">The caller gives up; that is no timeout.</param>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public static async Task<T> EndAsync<T>(
        TimeSpan patience,
        TimeProvider time,
        Func<CancellationToken, Task<T>> ask,
        string what,
        CancellationToken cancel
    )
    {
        using var timeout = new CancellationTokenSource(patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            return await ask(end.Token);
        }
        catch (OperationCanceledException exception) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"The target did not {what} within {patience}.", exception);
        }
    }
}
