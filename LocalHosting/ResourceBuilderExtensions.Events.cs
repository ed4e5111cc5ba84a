namespace AspireGateway.LocalHosting;

/// <content>What happens when a resource becomes ready or fails, and where it sends its telemetry.</content>
public static partial class ResourceBuilderExtensions
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

    /// <summary>
    /// When the resource fails, one more line is put below its own last ones: what a person can do about it.
    /// </summary>
    /// <param name="builder">The resource.</param>
    /// <param name="explain">Gets the resource's log lines; null when it has nothing to say about them.</param>
    public static IResourceBuilder<T> WithFailureHint<T>(
        this IResourceBuilder<T> builder,
        Func<IReadOnlyList<string>, string?> explain
    )
        where T : IResource
    {
        builder.Define().FailureHints.Add(explain);
        return builder;
    }

    /// <summary>Tells a program that is no .NET project where to send its telemetry; projects are always told.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        builder.Define().SendsTelemetry = true;
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
