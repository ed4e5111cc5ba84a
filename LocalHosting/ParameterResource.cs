namespace AspireGateway.LocalHosting;

/// <summary>A value from outside: configuration <c>Parameters:{name}</c>, or a default.</summary>
public class ParameterResource : Resource, IValueProvider, IManifestExpressionProvider
{
    private readonly Lazy<string> _value;

    internal ParameterResource(string name, bool secret, Func<string> value)
        : base(name)
    {
        Secret = secret;
        _value = new Lazy<string>(value);
    }

    /// <summary>Whether the value is a credential and must not be shown.</summary>
    public bool Secret { get; }

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    /// <inheritdoc />
    /// <exception cref="MissingParameterValueException">There is no value.</exception>
#pragma warning disable MA0061 // Aspire's signature: without the default.
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_value.Value);
#pragma warning restore MA0061
}
