namespace AspireGateway.LocalHosting.Engine;

/// <summary>Wakes everybody who waits for the next change. Take <see cref="Next"/> before looking, or a change is missed.</summary>
internal sealed class Pulse
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Next => _next.Task;

    public void Beat() =>
        Interlocked
            .Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            .SetResult();
}
