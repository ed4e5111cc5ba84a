using System.Diagnostics;

namespace AspireGateway.Gateway.Outbound.Refresh;

/// <summary>A refresh on its way: its result for everybody who waits for it, and its trace for their spans to link to.</summary>
internal sealed class RefreshRun
{
    private readonly TaskCompletionSource<RefreshResult> _promise = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private volatile Activity? _span;

    /// <summary>What comes of it.</summary>
    public Task<RefreshResult> Result => _promise.Task;

    /// <summary>It has begun, with this span as the root of its trace.</summary>
    public void Begin(Activity? span) => _span = span;

    public void End(RefreshResult result) => _promise.SetResult(result);

    public void Fail(Exception exception) => _promise.SetException(exception);

    /// <summary>Lets the span of somebody who waited point to the refresh.</summary>
    public void LinkFrom(Activity? waiting)
    {
        if (_span is { } span)
        {
            waiting?.AddLink(new ActivityLink(span.Context));
        }
    }
}
