using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Outbound.Discovery;

/// <summary>What a target says about itself.</summary>
/// <param name="Url">The target's own URL, which the metadata must be about.</param>
/// <param name="Challenge">How it answered a request without a token.</param>
/// <param name="Metadata">Its protected resource metadata (RFC 9728 §2).</param>
internal sealed record ProtectedResource(Uri Url, BearerChallenge? Challenge, JsonObject? Metadata)
{
    public bool HasMetadata => Metadata is not null;

    /// <summary>Its resource identifier; null where the metadata is about something else, and then says nothing about this target.</summary>
    public string? Resource => Metadata?["resource"]?.ToString() is { } name && IsNameOf(name, Url) ? name : null;

    /// <summary>The first authorization server that it names; what is no URL of the web names none.</summary>
    public string? Issuer =>
        (Metadata?["authorization_servers"] as JsonArray ?? [])
            .Select(static node => node?.ToString())
            .FirstOrDefault(static server =>
                Uri.TryCreate(server, UriKind.Absolute, out var url)
                && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            );

    /// <summary>The scopes to ask for: those of the challenge before those that it supports.</summary>
    public ScopeSet? Scopes => Challenge?.Scope ?? (Resource is null ? null : SupportedScopes);

    private ScopeSet? SupportedScopes =>
        Metadata?["scopes_supported"] is JsonArray { Count: > 0 } scopes
            ? new ScopeSet(
                scopes.Select(static scope => scope?.ToString() ?? "").Where(static scope => scope.Length > 0)
            )
            : null;

    // The target's URL, or what it lies below: a server may be one resource with several endpoints.
    private static bool IsNameOf(string resource, Uri target) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var url)
        && url.GetLeftPart(UriPartial.Authority) == target.GetLeftPart(UriPartial.Authority)
        && url.Query.Length == 0
        && url.Fragment.Length == 0
        && (target.AbsolutePath.TrimEnd('/') + "/").StartsWith(
            url.AbsolutePath.TrimEnd('/') + "/",
            StringComparison.Ordinal
        );
}
