namespace AspireGateway.Gateway.Outbound.Discovery;

/// <summary>An authorization server, as its metadata (RFC 8414) or the target's configuration describes it.</summary>
internal sealed record AuthorizationServer
{
    /// <summary>Its identifier; registrations and grants belong to it and to no other.</summary>
    public required string Issuer { get; init; }

    public required Uri AuthorizationEndpoint { get; init; }

    public required Uri TokenEndpoint { get; init; }

    public Uri? RevocationEndpoint { get; init; }

    public Uri? RegistrationEndpoint { get; init; }

    /// <summary>Tells about the person whose token it is shown (OpenID Connect Core §5.3).</summary>
    public Uri? UserInfoEndpoint { get; init; }

    /// <summary>It knows <c>offline_access</c>: without that scope it may give no refresh token, or one that ends with the person's session.</summary>
    public bool OffersOfflineAccess { get; init; }

    /// <summary>It promises <c>iss</c> in every authorization response (RFC 9207 §3).</summary>
    public bool SendsIssuer { get; init; }

    /// <summary>It accepts the URL of a metadata document as client id.</summary>
    public bool AcceptsMetadataDocuments { get; init; }

    /// <summary>How clients may authenticate at the token endpoint; empty when it does not say.</summary>
    public IReadOnlyList<string> TokenEndpointAuthMethods { get; init; } = [];

    /// <summary>Scopes that the target's metadata names, or the server's; asked for when nothing else says which.</summary>
    public ScopeSet? SuggestedScopes { get; init; }

    /// <summary>Resource (RFC 8707) under which it knows the target.</summary>
    public required string Resource { get; init; }
}

/// <summary>Why a flow at a third party cannot go on, for the person who administers the gateway.</summary>
/// <param name="Reason">Stable code.</param>
/// <param name="Message">What is wrong and what to do. Nothing that the third party wrote.</param>
internal sealed record OutboundProblem(string Reason, string Message);

/// <summary>A value, or why there is none.</summary>
internal readonly record struct Outcome<T>(T? Value, OutboundProblem? Problem)
    where T : class
{
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(OutboundProblem problem) => new(null, problem);
}
