namespace AspireGateway.LocalHosting;

/// <summary>A value that is known when the resources start, not when the model is written.</summary>
public interface IValueProvider
{
    /// <summary>The value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>A value that a published description can refer to.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>How it is written there.</summary>
    string ValueExpression { get; }
}
