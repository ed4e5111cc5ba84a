using System.Runtime.CompilerServices;

namespace AspireGateway.Dashboard;

/// <summary>The feed of a dashboard without an engine: no resources, no logs, no changes.</summary>
internal sealed class EmptyResourceFeed : IResourceFeed
{
    public IReadOnlyList<ResourceSnapshot> Resources => [];

    public IReadOnlyList<LogLine> GetLogs(string resource, int count) => [];

    public async IAsyncEnumerable<LogLine> WatchLogsAsync(
        string resource,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        yield break;
    }

    public async IAsyncEnumerable<IReadOnlyList<ResourceSnapshot>> WatchResourcesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        yield return [];
    }
}
