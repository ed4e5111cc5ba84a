namespace AspireGateway.Dashboard;

/// <summary>What the dashboard shows of the running system. Implemented by the engine that starts the resources.</summary>
public interface IResourceFeed
{
    /// <summary>All resources in the order of the application model, as they are now.</summary>
    IReadOnlyList<ResourceSnapshot> Resources { get; }

    /// <summary>The newest log lines of a resource, oldest first; empty for an unknown name.</summary>
    /// <param name="resource">Name of the resource.</param>
    /// <param name="count">At most so many lines.</param>
    IReadOnlyList<LogLine> GetLogs(string resource, int count);

    /// <summary>Log lines of a resource whose <see cref="LogLine.Sequence"/> is greater than <paramref name="after"/>, as they come.</summary>
    IAsyncEnumerable<LogLine> WatchLogsAsync(string resource, long after, CancellationToken cancellationToken);

    /// <summary>Yields once at start and then whenever the state of a resource changed.</summary>
    IAsyncEnumerable<IReadOnlyList<ResourceSnapshot>> WatchResourcesAsync(CancellationToken cancellationToken);
}

/// <summary>Life of a resource, with the names that Aspire gives these states.</summary>
public enum ResourceState
{
    NotStarted,
    Waiting,
    Starting,
    Running,
    Healthy,
    Unhealthy,
    Finished,
    Exited,
    FailedToStart,
    Stopping,
}

/// <summary>One resource at one moment.</summary>
/// <param name="Name">Name in the application model.</param>
/// <param name="Type">"Project", "Executable", "Parameter".</param>
/// <param name="Source">What runs: project or program file.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Detail">In words, for a person: what it waits for, why it failed; null when there is nothing to say.</param>
/// <param name="ExitCode">Exit code of the process, null while it runs.</param>
/// <param name="ProcessId">Process id, null when none runs.</param>
/// <param name="StartedAt">Time of the last start, null before it.</param>
/// <param name="Urls">Addresses a person can open.</param>
/// <param name="Environment">Environment that the process was given, in ordinal order of the names.</param>
public sealed record ResourceSnapshot(
    string Name,
    string Type,
    string Source,
    ResourceState State,
    string? Detail,
    int? ExitCode,
    int? ProcessId,
    DateTimeOffset? StartedAt,
    IReadOnlyList<ResourceUrl> Urls,
    IReadOnlyList<EnvironmentEntry> Environment
);

/// <summary>An address of a resource.</summary>
/// <param name="Name">Name of the endpoint ("http") or the text to show.</param>
/// <param name="Url">Absolute URL.</param>
public sealed record ResourceUrl(string Name, string Url);

/// <summary>One environment variable of a resource.</summary>
/// <param name="Name">Name of the variable.</param>
/// <param name="Value">Its value; the dashboard never shows it where <paramref name="IsSecret"/> is set.</param>
/// <param name="IsSecret">Whether the value is a credential.</param>
public sealed record EnvironmentEntry(string Name, string Value, bool IsSecret);

/// <summary>One line that a resource wrote.</summary>
/// <param name="Sequence">Grows by one for each line of the whole system.</param>
/// <param name="Time">When the engine read it.</param>
/// <param name="IsError">Whether it came on the error stream.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record LogLine(long Sequence, DateTimeOffset Time, bool IsError, string Text);
