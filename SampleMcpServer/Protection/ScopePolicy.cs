namespace AspireGateway.SampleMcpServer.Protection;

/// <summary>Which scopes a request needs.</summary>
/// <param name="Basic">What every request needs, whatever it asks for.</param>
internal sealed record ScopePolicy(string Basic)
{
    /// <summary>What the metadata lists: enough for everyday use.</summary>
    public IReadOnlyList<string> Advertised { get; init; } = [Basic];

    /// <summary>Everything that a call of these tools needs.</summary>
    public Dictionary<string, string[]> OfTools { get; init; } = new(StringComparer.Ordinal);

    /// <summary>All scopes that a request needs which calls <paramref name="tool"/>; null when it calls none.</summary>
    public IReadOnlyList<string> Needed(string? tool) =>
        tool is not null && OfTools.TryGetValue(tool, out var scopes) ? scopes : [Basic];
}
