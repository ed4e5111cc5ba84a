using System.Globalization;
using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.LocalHosting;

/// <summary>Where a resource listens. May be made before the endpoint exists; it is resolved when the resources start.</summary>
public sealed class EndpointReference : IValueProvider, IManifestExpressionProvider
{
    internal EndpointReference(IResourceWithEndpoints owner, string endpointName)
    {
        Resource = owner;
        EndpointName = endpointName;
    }

    /// <summary>Name of the endpoint, such as <c>http</c>.</summary>
    public string EndpointName { get; }

    /// <summary>Whether the resource has such an endpoint.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether its port is known.</summary>
    public bool IsAllocated => Find()?.AllocatedPort is not null;

    /// <summary>Host name.</summary>
    public string Host => Definition.Host;

    /// <summary>Port.</summary>
    public int Port =>
        Definition.AllocatedPort
        ?? throw new InvalidOperationException($"The endpoint '{EndpointName}' of '{Resource.Name}' has no port yet.");

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme => Definition.Scheme;

    /// <summary>The whole address, without a slash at its end.</summary>
    public string Url => $"{Scheme}://{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The resource that listens there.</summary>
    public IResourceWithEndpoints Resource { get; }

    string IManifestExpressionProvider.ValueExpression => Expression("url");

    private EndpointDefinition Definition =>
        Find()
        ?? throw new InvalidOperationException($"The resource '{Resource.Name}' has no endpoint '{EndpointName}'.");

    /// <summary>One part of the address.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    internal string Expression(string property) => $"{{{Resource.Name}.bindings.{EndpointName}.{property}}}";

    private EndpointDefinition? Find() => ResourceDefinition.Of(Resource).FindEndpoint(EndpointName);
}
