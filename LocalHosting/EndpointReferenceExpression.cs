using System.Globalization;

namespace AspireGateway.LocalHosting;

/// <summary>Parts of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary>The whole address.</summary>
    Url,

    /// <summary>Host name.</summary>
    Host,

    /// <summary>Port at which others reach it.</summary>
    Port = 3,

    /// <summary>http or https.</summary>
    Scheme,

    /// <summary>Port on which the process itself listens; the same here, where nothing stands in front.</summary>
    TargetPort,

    /// <summary>Host and port.</summary>
    HostAndPort,
}

/// <summary>One part of an endpoint's address, as a value.</summary>
public class EndpointReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    internal EndpointReferenceExpression(EndpointReference endpoint, EndpointProperty property)
    {
        Endpoint = endpoint;
        Property = property;
    }

    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; }

    /// <summary>The part.</summary>
    public EndpointProperty Property { get; }

    /// <inheritdoc />
    public string ValueExpression => Endpoint.Expression(char.ToLowerInvariant($"{Property}"[0]) + $"{Property}"[1..]);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        new(
            Property switch
            {
                EndpointProperty.Url => Endpoint.Url,
                EndpointProperty.Host => Endpoint.Host,
                EndpointProperty.Port or EndpointProperty.TargetPort => Endpoint.Port.ToString(
                    CultureInfo.InvariantCulture
                ),
                EndpointProperty.Scheme => Endpoint.Scheme,
                EndpointProperty.HostAndPort => $"{Endpoint.Host}:{Endpoint.Port}",
                _ => throw new InvalidOperationException($"Unknown part of an address: {Property}."),
            }
        );
}
