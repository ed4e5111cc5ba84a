using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.TestClient.OAuth;

/// <summary>What of an authorization request is needed to judge the answer to it.</summary>
/// <param name="Url">The whole request, for the browser.</param>
/// <param name="RedirectUri">Where the answer must arrive.</param>
/// <param name="State">What the answer must repeat.</param>
/// <param name="Issuer">Who must have answered; null when the server's metadata named nobody.</param>
/// <param name="IssuerRequired">The server says that it names itself in every answer (RFC 9207).</param>
internal sealed record AuthorizationRequest(Uri Url, Uri RedirectUri, string State, string? Issuer, bool IssuerRequired)
{
    /// <summary>A parameter of the request.</summary>
    public string? Parameter(string name) =>
        QueryHelpers.ParseQuery(Url.Query).TryGetValue(name, out var value) ? value.ToString() : null;
}

/// <summary>The answer to an authorization request, as it came to the callback listener.</summary>
internal sealed record AuthorizationResponse
{
    /// <summary>The code to exchange.</summary>
    public string? Code { get; init; }

    /// <summary>The state that the request had.</summary>
    public string? State { get; init; }

    /// <summary>Who answered.</summary>
    public string? Issuer { get; init; }

    /// <summary>An OAuth error code instead of a code.</summary>
    public string? Error { get; init; }

    /// <summary>What the server says about the error.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>Reads the query of the callback; null when a parameter is there twice (RFC 6749 section 3.1).</summary>
    public static AuthorizationResponse? Read(string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        if (values.Any(static parameter => parameter.Value.Count > 1))
        {
            return null;
        }

        string? Value(string name) => values.TryGetValue(name, out var value) ? value.ToString() : null;
        return new()
        {
            Code = Value("code"),
            State = Value("state"),
            Issuer = Value("iss"),
            Error = Value("error"),
            ErrorDescription = Value("error_description"),
        };
    }

    /// <summary>Whether this is an answer to <paramref name="request"/> at all. Others are turned away and change nothing.</summary>
    public bool Answers(AuthorizationRequest request) => State is not null && State == request.State;

    /// <summary>What is wrong with who answered (RFC 9207 section 2.4), errors included; null when nothing is.</summary>
    public string? IssuerMistake(AuthorizationRequest request) =>
        Issuer switch
        {
            null when request.IssuerRequired =>
                "the answer does not say which issuer sent it, though the server promises that",
            not null when Issuer != request.Issuer =>
                "the answer comes from another issuer than the one that was asked",
            _ => null,
        };
}
