using System.Runtime.CompilerServices;

namespace AspireGateway.LocalHosting;

/// <summary>Text with values in it that are known when the resources start.</summary>
public class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    // Literal text as it is, everything else as what provides the value.
    private readonly IReadOnlyList<object> _parts;

    private ReferenceExpression(IReadOnlyList<object> parts) => _parts = parts;

    /// <inheritdoc />
    public string ValueExpression =>
        string.Concat(
            _parts.Select(static part => part as string ?? ((IManifestExpressionProvider)part).ValueExpression)
        );

    internal IEnumerable<IValueProvider> ValueProviders => _parts.OfType<IValueProvider>();

    /// <summary>Makes one from an interpolated string; <c>$"{gateway.GetEndpoint("http")}/mcp"</c>.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.ToExpression();

    /// <inheritdoc />
#pragma warning disable MA0061 // Aspire's signature: without the default.
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
#pragma warning restore MA0061
    {
        var text = new System.Text.StringBuilder();
        foreach (var part in _parts)
        {
            text.Append(part as string ?? await ((IValueProvider)part).GetValueAsync(cancellationToken));
        }

        return text.ToString();
    }

    /// <summary>What the compiler makes of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler
    {
        private readonly List<object> _parts;

        /// <summary>Called by the compiler.</summary>
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount) =>
            _parts = new List<object>((2 * formattedCount) + Math.Sign(literalLength));

        /// <summary>Called by the compiler.</summary>
        public readonly void AppendLiteral(string value) => _parts.Add(value);

        /// <summary>Called by the compiler.</summary>
        public readonly void AppendFormatted(string? value) => _parts.Add(value ?? string.Empty);

        /// <summary>Called by the compiler.</summary>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => _parts.Add(valueProvider);

        /// <summary>Called by the compiler.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => _parts.Add(valueProvider.Resource);

        internal readonly ReferenceExpression ToExpression() => new(_parts);
    }
}
