namespace AspireGateway.LocalHosting;

/// <summary>What happens when a resource becomes ready.</summary>
public static class DistributedApplicationEventingExtensions
{
    /// <summary>Calls once the resource runs and is healthy for the first time.</summary>
    public static IResourceBuilder<T> OnResourceReady<T>(
        this IResourceBuilder<T> builder,
        Func<T, ResourceReadyEvent, CancellationToken, Task> callback
    )
        where T : IResource
    {
        builder
            .Define()
            .ReadyCallbacks.Add(stopping =>
                callback(builder.Resource, new ResourceReadyEvent(builder.Resource), stopping)
            );
        return builder;
    }
}

/// <summary>A resource has become ready.</summary>
public class ResourceReadyEvent
{
    internal ResourceReadyEvent(IResource resource) => Resource = resource;

    /// <summary>The resource.</summary>
    public IResource Resource { get; }
}
