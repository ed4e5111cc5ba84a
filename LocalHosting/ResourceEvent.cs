namespace AspireGateway.LocalHosting;

/// <summary>A resource at one moment.</summary>
public class ResourceEvent
{
    internal ResourceEvent(IResource resource, CustomResourceSnapshot snapshot)
    {
        Resource = resource;
        Snapshot = snapshot;
    }

    /// <summary>The resource.</summary>
    public IResource Resource { get; }

    /// <summary>Its state.</summary>
    public CustomResourceSnapshot Snapshot { get; }
}

/// <summary>State of a resource.</summary>
public sealed class CustomResourceSnapshot
{
    internal CustomResourceSnapshot(string state, int? exitCode)
    {
        State = new ResourceStateSnapshot(state);
        ExitCode = exitCode;
    }

    /// <summary>One of <see cref="KnownResourceStates"/>.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>Exit code of its process, once that has ended.</summary>
    public int? ExitCode { get; init; }
}

/// <summary>Name of a state.</summary>
public sealed class ResourceStateSnapshot
{
    internal ResourceStateSnapshot(string text) => Text = text;

    /// <summary>One of <see cref="KnownResourceStates"/>.</summary>
    public string Text { get; init; }
}
