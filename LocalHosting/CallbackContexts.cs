namespace AspireGateway.LocalHosting;

/// <summary>Given to code that computes environment variables just before the resource starts.</summary>
public class EnvironmentCallbackContext
{
    internal EnvironmentCallbackContext(
        DistributedApplicationExecutionContext executionContext,
        IResource resource,
        CancellationToken cancellationToken
    )
    {
        ExecutionContext = executionContext;
        Resource = resource;
        CancellationToken = cancellationToken;
    }

    /// <summary>The variables so far: strings, or <see cref="IValueProvider"/>s that are resolved afterwards.</summary>
#pragma warning disable MA0016 // Aspire's signature.
    public Dictionary<string, object> EnvironmentVariables { get; } = new(StringComparer.Ordinal);
#pragma warning restore MA0016

    /// <summary>What the model is used for.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The resource that is about to start.</summary>
    public IResource Resource { get; }

    /// <summary>Cancelled when the system stops.</summary>
    public CancellationToken CancellationToken { get; }
}

/// <summary>Given to code that computes arguments just before the resource starts.</summary>
public sealed class CommandLineArgsCallbackContext
{
    internal CommandLineArgsCallbackContext(IResource resource, CancellationToken cancellationToken)
    {
        Resource = resource;
        CancellationToken = cancellationToken;
    }

    /// <summary>The arguments so far: strings, or <see cref="IValueProvider"/>s that are resolved afterwards.</summary>
    public IList<object> Args { get; } = [];

    /// <summary>The resource that is about to start.</summary>
    public IResource Resource { get; }

    /// <summary>Cancelled when the system stops.</summary>
    public CancellationToken CancellationToken { get; }
}

/// <summary>An address that is shown to a person.</summary>
public sealed class ResourceUrlAnnotation
{
    /// <summary>Absolute, or relative to the endpoint.</summary>
    public required string Url { get; set; }

    /// <summary>Text to show for it.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint that it belongs to.</summary>
    public EndpointReference? Endpoint { get; init; }
}
