using AspireGateway.Dashboard;
using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.LocalHosting;

/// <summary>Tells how the resources are.</summary>
public class ResourceNotificationService
{
    private readonly ResourceBoard _board;
    private readonly IResourceCollection _resources;

    internal ResourceNotificationService(ResourceBoard board, IResourceCollection resources)
    {
        _board = board;
        _resources = resources;
    }

    /// <summary>Waits until a resource is in a state, by default <see cref="KnownResourceStates.Running"/>.</summary>
    public Task WaitForResourceAsync(
        string resourceName,
        string? targetState = null,
        CancellationToken cancellationToken = default
    ) => WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until a resource is in one of these states, and says in which.</summary>
    public async Task<string> WaitForResourceAsync(
        string resourceName,
        IEnumerable<string> targetStates,
        CancellationToken cancellationToken = default
    )
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = await _board.WaitAsync(resourceName, now => states.Contains(NameOf(now.State)), cancellationToken);
        return NameOf(found.State);
    }

    /// <summary>Waits until a resource is as asked.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName,
        Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default
    ) => ToEvent(await _board.WaitAsync(resourceName, now => predicate(ToEvent(now)), cancellationToken));

    /// <summary>Waits until a resource runs and its health checks say so.</summary>
    /// <exception cref="DistributedApplicationException">It has ended instead.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        CancellationToken cancellationToken = default
    )
    {
        var definition = ResourceDefinition.Of(
            _resources.FirstOrDefault(resource => resource.Name == resourceName)
                ?? throw new ArgumentException($"There is no resource '{resourceName}'.", nameof(resourceName))
        );
        var found = await _board.WaitAsync(
            resourceName,
            now =>
                ResourceLife.IsUp(now, definition)
                || KnownResourceStates.TerminalStates.Contains(NameOf(now.State), StringComparer.Ordinal),
            cancellationToken
        );
        return ResourceLife.IsUp(found, definition)
            ? ToEvent(found)
            : throw new DistributedApplicationException(
                $"'{resourceName}' {Words.Of(found.State)} ({found.Detail}). Its last lines:{Environment.NewLine}"
                    + string.Join(
                        Environment.NewLine,
                        _board.GetLogs(resourceName, 20).Select(static line => Printable.Clean(line.Text))
                    )
            );
    }

    // Health is a state of its own on the board, and a property beside the state in Aspire.
    private static string NameOf(ResourceState state) =>
        state is ResourceState.Healthy or ResourceState.Unhealthy ? KnownResourceStates.Running : state.ToString();

    private ResourceEvent ToEvent(ResourceSnapshot snapshot) =>
        new(
            _resources.First(resource => resource.Name == snapshot.Name),
            new CustomResourceSnapshot(NameOf(snapshot.State), snapshot.ExitCode)
        );
}
