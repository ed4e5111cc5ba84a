namespace AspireGateway.TestClient.Flow;

/// <summary>
/// The steps of the authorization flows, with the numbers of <c>docs/auth-flow.md</c>: A signs in at the server, B lets the server
/// (a gateway) act for the person at a third party.
/// </summary>
internal enum FlowStep
{
    /// <summary>The request that has no token.</summary>
    A1 = 1,

    /// <summary>The challenge that answers it (401), or asks for more scopes (403).</summary>
    A2,

    /// <summary>Metadata of the protected resource (RFC 9728).</summary>
    A3,

    /// <summary>Metadata of its authorization server (RFC 8414, OpenID Connect discovery).</summary>
    A4,

    /// <summary>How the client is known to it: registered before, by a metadata document, or registering now (RFC 7591).</summary>
    A5,

    /// <summary>The authorization request in the browser (PKCE, <c>resource</c>, <c>state</c>).</summary>
    A6,

    /// <summary>The person signs in and consents.</summary>
    A7,

    /// <summary>The redirect back with <c>code</c>, <c>state</c> and <c>iss</c>.</summary>
    A8,

    /// <summary>The code is exchanged for tokens.</summary>
    A9,

    /// <summary>The request that has the token.</summary>
    A10,

    /// <summary>What came out.</summary>
    A11,

    /// <summary>A call that needs the person's consent at a third party.</summary>
    B1,

    /// <summary>The server asks for the consent: a URL elicitation.</summary>
    B2,

    /// <summary>The server's connect page is opened.</summary>
    B3,

    /// <summary>The person signs in at the server with the browser.</summary>
    B4,

    /// <summary>The page says who wants what from whom.</summary>
    B5,

    /// <summary>The person goes on, and the server sends the browser to the third party with an authorization request of its own.</summary>
    B6,

    /// <summary>The person signs in and consents there.</summary>
    B7,

    /// <summary>The third party sends the browser back to the server, which exchanges the code and keeps the tokens.</summary>
    B8,

    /// <summary>The call is repeated.</summary>
    B9,

    /// <summary>What came out.</summary>
    B10,
}

/// <summary>One line of the flow: something that was sent, or something that was learned.</summary>
/// <param name="Step">Which step of the flow.</param>
/// <param name="Title">What it is, in a few words.</param>
internal sealed record FlowEvent(FlowStep Step, string Title)
{
    /// <summary>HTTP method, where the step is a request.</summary>
    public string? Method { get; init; }

    /// <summary>Where it went, without secrets (<see cref="SafeUrl"/>).</summary>
    public string? Url { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>Time until the answer began.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>What is worth knowing about it.</summary>
    public string? Note { get; init; }
}
