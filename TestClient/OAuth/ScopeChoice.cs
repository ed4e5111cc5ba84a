using AspireGateway.TestClient.Flow;

namespace AspireGateway.TestClient.OAuth;

/// <summary>Which scopes an authorization request asks for.</summary>
/// <param name="Wanted">What the person asked for; empty leaves it to the server's challenge and metadata.</param>
/// <param name="Known">What the flow has learned.</param>
internal sealed record ScopeChoice(IReadOnlyList<string> Wanted, FlowKnowledge Known)
{
    private const string OfflineAccess = "offline_access";

    /// <summary>
    /// Exactly the wanted scopes; after an <c>insufficient_scope</c> also what the server then asked for, because the new
    /// token replaces the old one. <c>offline_access</c>, which the SDK adds where it can, only when it is wanted: this
    /// program keeps no token beyond its run.
    /// </summary>
    public IEnumerable<string>? Select(IReadOnlyCollection<string>? suggested)
    {
        var asked = (suggested ?? []).Where(static scope => scope is not (OfflineAccess or ""));
        string[] scopes =
            Wanted.Count == 0 ? [.. asked]
            : Known.SteppingUp ? [.. Wanted.Union(asked, StringComparer.Ordinal)]
            : [.. Wanted];
        return scopes.Length == 0 ? null : scopes;
    }
}
