namespace AspireGateway.Gateway.Telemetry;

/// <summary>Span names, in the order in which a flow of <c>docs/auth-flow.md</c> meets them.</summary>
internal static class Spans
{
    /// <summary>A2: a request is refused.</summary>
    public const string Challenge = "inbound.challenge";

    /// <summary>A3: protected resource metadata.</summary>
    public const string Metadata = "inbound.metadata";

    /// <summary>A10, step 2: from the token to the caller.</summary>
    public const string Authenticate = "inbound.authenticate";

    /// <summary>B4: a browser comes back from the identity provider.</summary>
    public const string SignIn = "inbound.sign_in";

    /// <summary>Step 4: whether the caller may call the tool.</summary>
    public const string PolicyAuthorize = "policy.authorize";

    /// <summary>Steps 5 and 10.</summary>
    public const string AuditAppend = "audit.append";

    /// <summary>Step 6: a grant is looked for.</summary>
    public const string VaultRead = "vault.read";

    /// <summary>A grant is sealed, renewed, ended or removed.</summary>
    public const string VaultWrite = "vault.write";

    /// <summary>The root of a refresh, which serves every call that waits for it.</summary>
    public const string VaultRefresh = "vault.refresh";

    /// <summary>A call waits for a refresh, and links to it.</summary>
    public const string VaultRefreshWait = "vault.refresh.wait";

    /// <summary>A refresh waits for the right to refresh, or for what another replica makes of it.</summary>
    public const string LeaseWait = "lease.wait";

    /// <summary>B2: the person has to be asked.</summary>
    public const string ConsentRequired = "consent.required";

    /// <summary>B3 and B5: a link is opened.</summary>
    public const string ConsentOpen = "consent.open";

    /// <summary>B6: the person goes on.</summary>
    public const string ConsentBind = "consent.bind";

    /// <summary>B8: the answer of the third party.</summary>
    public const string ConsentCallback = "consent.callback";

    /// <summary>The third party's metadata is read.</summary>
    public const string Discover = "oauth.discover";

    /// <summary>The gateway registers itself at the third party.</summary>
    public const string Register = "oauth.register";

    /// <summary>B6: the redirect to the third party.</summary>
    public const string Authorize = "oauth.authorize";

    /// <summary>B8 and refreshes: a token request.</summary>
    public const string Token = "oauth.token";

    /// <summary>Steps 7 to 9.</summary>
    public const string TargetCall = "target.call";

    /// <summary>The tools of a target are read.</summary>
    public const string CatalogueSync = "catalogue.sync";
}
