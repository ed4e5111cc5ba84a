namespace AspireGateway.TestClient.Tests.Fakes;

/// <summary>How the fake authorization server behaves; the defaults are honest and strict.</summary>
internal sealed record FakeBehaviour
{
    public const string User = "alice";
    public const string Password = "correct horse battery staple";

    /// <summary>Whether the MCP server wants a token at all.</summary>
    public bool Protected { get; init; } = true;

    /// <summary>Sends the browser back at once, as if somebody had signed in and consented before.</summary>
    public bool SingleSignOn { get; init; }

    /// <summary>The user presses "deny".</summary>
    public bool ConsentDenied { get; init; }

    /// <summary>Asks for the user name first, and for the password on a page of its own.</summary>
    public bool UserNameFirst { get; init; }

    /// <summary>Where login forms are sent; null means to this server.</summary>
    public string? LoginAction { get; init; }

    /// <summary>State of the callback; null repeats the right one.</summary>
    public string? State { get; init; }

    /// <summary>Issuer of the callback; null is the right one, empty leaves it out.</summary>
    public string? Issuer { get; init; }

    /// <summary>Registers nobody.</summary>
    public bool RefusesRegistration { get; init; }

    /// <summary>Gives no token for any code.</summary>
    public bool RefusesCodes { get; init; }

    /// <summary>The MCP server accepts no token, whatever it is.</summary>
    public bool RejectsTokens { get; init; }

    /// <summary>Whether the metadata promises the issuer.</summary>
    public bool PromisesIssuer { get; init; } = true;

    /// <summary>Origin of the third party that the tool <see cref="FakeTools.Consented"/> is at; null lets everybody call it.</summary>
    public string? ThirdParty { get; init; }

    /// <summary>Sessions for clients of older revisions, with a stream for notifications.</summary>
    public bool Sessions { get; init; }

    /// <summary>The links to the connect page do not work any more.</summary>
    public bool LinksExpired { get; init; }

    /// <summary>The connect page takes whoever comes for somebody else than the one who was asked.</summary>
    public bool TakesUserForAnother { get; init; }

    /// <summary>Asks again after every consent.</summary>
    public bool ForgetsConsents { get; init; }

    /// <summary>Has another page opened than its own.</summary>
    public string? ForeignConnectPage { get; init; }

    /// <summary>There is a grant, and only this agent has to be allowed to use it.</summary>
    public bool KnowsGrant { get; init; }

    /// <summary>Sends the browser on with a page instead of a redirect.</summary>
    public bool RefreshesInsteadOfRedirects { get; init; }

    /// <summary>Authentication methods of the token endpoint, in the order of the metadata.</summary>
    public string[] TokenMethods { get; init; } = ["client_secret_basic", "client_secret_post", "none"];
}
