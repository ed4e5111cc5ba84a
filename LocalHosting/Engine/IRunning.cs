namespace AspireGateway.LocalHosting.Engine;

/// <summary>What runs of a resource.</summary>
internal interface IRunning : IDisposable
{
    /// <summary>Process id.</summary>
    int Id { get; }

    /// <summary>Completes with the exit code, after the last line of output.</summary>
    Task<int> Exit { get; }

    /// <summary>Asks to stop, and ends what is still there after the time.</summary>
    /// <returns>Whether it stopped by itself.</returns>
    Task<bool> StopAsync(TimeSpan time, TimeProvider clock);

    /// <summary>Ends it, and all that it started, now.</summary>
    void Kill();
}
