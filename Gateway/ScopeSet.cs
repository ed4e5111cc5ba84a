namespace AspireGateway.Gateway;

/// <summary>A set of OAuth scopes (RFC 6749 §3.3): case-sensitive, without order.</summary>
internal sealed class ScopeSet
{
    public static readonly ScopeSet Empty = new([]);

    private readonly string[] _scopes;

    public ScopeSet(IEnumerable<string> scopes) => _scopes = [.. scopes.Distinct(StringComparer.Ordinal)];

    /// <summary>Reads a space separated list.</summary>
    public static ScopeSet Parse(string? text) =>
        string.IsNullOrWhiteSpace(text) ? Empty : new(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public IReadOnlyList<string> Values => _scopes;

    public bool Contains(string scope) => _scopes.AsSpan().Contains(scope);

    public bool ContainsAll(ScopeSet needed)
    {
        foreach (var scope in needed._scopes)
        {
            if (!Contains(scope))
            {
                return false;
            }
        }

        return true;
    }

    public ScopeSet Union(ScopeSet other) => new(_scopes.Concat(other._scopes));

    public ScopeSet Without(string scope) => new(_scopes.Where(other => other != scope));

    /// <summary>The space separated form that challenges and token requests use.</summary>
    public override string ToString() => string.Join(' ', _scopes);
}
