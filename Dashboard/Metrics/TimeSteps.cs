namespace AspireGateway.Dashboard.Metrics;

/// <summary>
/// The newest steps of time, each with a value that is added up. It is the dashboard's own clock that counts: those of senders may be wrong.
/// </summary>
internal sealed class TimeSteps<T>(Func<T> empty)
    where T : class
{
    /// <summary>So many steps are kept.</summary>
    public const int Count = 90;

    /// <summary>Length of one.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private readonly (long Number, T? Value)[] _steps = new (long, T?)[Count];

    /// <summary>Number of the step in which a moment is.</summary>
    public static long NumberOf(DateTimeOffset moment) => moment.Ticks / Length.Ticks;

    /// <summary>The value of a step, to be changed.</summary>
    public T At(long number)
    {
        ref var step = ref _steps[number % Count];
        if (step.Value is null || step.Number != number)
        {
            step = (number, empty());
        }

        return step.Value!;
    }

    /// <summary>The values up to a step, oldest first; null where nothing was added.</summary>
    public T?[] Until(long number)
    {
        var values = new T?[Count];
        for (var i = 0; i < Count; i++)
        {
            var (found, value) = _steps[(number - Count + 1 + i) % Count];
            values[i] = found == number - Count + 1 + i ? value : null;
        }

        return values;
    }
}
