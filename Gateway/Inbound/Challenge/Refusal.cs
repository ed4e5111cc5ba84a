namespace AspireGateway.Gateway.Inbound.Challenge;

/// <summary>Why a request is refused: the stable code for programs, and words for the person who connects a client.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Reason">Stable code, the same in answer, audit record, span and metric.</param>
/// <param name="Message">What is wrong and what to do. Never contains anything of the token.</param>
internal sealed record Refusal(int Status, string Reason, string Message)
{
    /// <summary>RFC 6750 §3.1 <c>error</c>; null when the client presented no token, so that it starts a sign-in.</summary>
    public string? OAuthError { get; init; }

    /// <summary>Scopes that the operation needs, for the challenge.</summary>
    public ScopeSet? NeededScopes { get; init; }

    /// <summary>Seconds for <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Whether the caller is known, and lacks something.</summary>
    public bool HasCaller => Status is StatusCodes.Status403Forbidden && OAuthError is not null;

    /// <summary>Whether the answer carries <c>WWW-Authenticate</c>.</summary>
    public bool HasChallenge => Status is StatusCodes.Status401Unauthorized || OAuthError is not null;

    public static readonly Refusal MissingToken = new(
        StatusCodes.Status401Unauthorized,
        ErrorCodes.MissingToken,
        "This gateway needs an access token. Read the metadata named in WWW-Authenticate and sign in."
    );

    public static readonly Refusal IssuerUnavailable = new(
        StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.IssuerUnavailable,
        "The identity provider's signing keys cannot be read at the moment, so that the token cannot be checked. Try again."
    )
    {
        RetryAfter = 5,
    };

    /// <summary>A token that was presented and is not accepted.</summary>
    public static Refusal InvalidToken(string reason, string message) =>
        new(StatusCodes.Status401Unauthorized, reason, message) { OAuthError = "invalid_token" };

    /// <summary>A valid token with too little scope (RFC 6750 §3.1); the client may step up.</summary>
    public static Refusal InsufficientScope(ScopeSet needed) =>
        new(
            StatusCodes.Status403Forbidden,
            ErrorCodes.InsufficientScope,
            $"The access token lacks a scope. Ask the identity provider for: {needed}."
        )
        {
            OAuthError = "insufficient_scope",
            NeededScopes = needed,
        };
}
