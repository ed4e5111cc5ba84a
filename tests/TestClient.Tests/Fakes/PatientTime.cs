using AspireGateway.TestClient.Consent;

namespace AspireGateway.TestClient.Tests.Fakes;

/// <summary>The real clock, but for the pauses between two tries while a person is in the browser.</summary>
/// <param name="jump">How far the clock jumps with each pause, which takes no time then; null has pauses never end.</param>
internal sealed class PatientTime(TimeSpan? jump) : TimeProvider
{
    private long _jumped;

    public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref _jumped);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != ConsentFlow.Pause)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        Interlocked.Add(ref _jumped, (long)((jump ?? TimeSpan.Zero).TotalSeconds * TimestampFrequency));
        return base.CreateTimer(callback, state, jump is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, period);
    }
}
