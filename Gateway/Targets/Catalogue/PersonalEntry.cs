namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>What one person sees of one target, and how fresh it is.</summary>
internal sealed class PersonalEntry(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private Task _reading = Task.CompletedTask;
    private long? _started;
    private string? _tried;
    private bool _isOutdated;
    private long _used = time.GetTimestamp();

    /// <summary>What was last read; null before the first time.</summary>
    public CatalogueContents? Contents { get; private set; }

    /// <summary>Whether a list was answered without this, because it came too late; then its coming is news.</summary>
    public bool HasDisappointed { get; set; }

    /// <summary>Whether nobody has asked for a while.</summary>
    public bool IsIdle => time.GetElapsedTime(Interlocked.Read(ref _used)) > IdleTime;

    /// <summary>Whether what is there is nothing, or known to be wrong.</summary>
    public bool IsWorthWaiting => Contents is null || _isOutdated;

    /// <summary>What is left of the patience with the last read.</summary>
    public TimeSpan Left(TimeSpan patience)
    {
        lock (_lock)
        {
            return _started is { } started ? patience - time.GetElapsedTime(started) : patience;
        }
    }

    /// <summary>One read at a time; none while the last one is young, or the last failure with the same credential.</summary>
    public Task Refresh(string credential, Func<Task> read)
    {
        Interlocked.Exchange(ref _used, time.GetTimestamp());
        lock (_lock)
        {
            if (_reading.IsCompleted && IsDue(credential))
            {
                (_started, _tried) = (time.GetTimestamp(), credential);
                _reading = Task.Run(read);
            }

            return _reading;
        }
    }

    public void Keep(CatalogueContents contents)
    {
        lock (_lock)
        {
            (Contents, _isOutdated) = (contents, false);
        }
    }

    /// <summary>What is there is known to be wrong.</summary>
    public void Invalidate()
    {
        lock (_lock)
        {
            (_isOutdated, _started) = (true, null);
        }
    }

    private bool IsDue(string credential) =>
        _started is not { } started
        || time.GetElapsedTime(started) > (IsWorthWaiting ? RetryAfter : Lifetime)
        || (IsWorthWaiting && _tried != credential);
}
