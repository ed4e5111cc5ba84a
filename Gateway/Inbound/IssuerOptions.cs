namespace AspireGateway.Gateway.Inbound;

/// <summary>One identity provider. Names follow Amazon Bedrock AgentCore's custom JWT authorizer where it has the option.</summary>
internal sealed class IssuerOptions
{
    /// <summary>The usual end of a discovery URL (OpenID Connect Discovery §4).</summary>
    public const string DiscoverySuffix = "/.well-known/openid-configuration";

    /// <summary>Stable key of this issuer, first part of every user's identity. Keep it when the URL of the provider changes.</summary>
    public string Name { get; set; } = "";

    /// <summary>Absolute URL of the provider's metadata, for example <c>https://id.example.com/realms/corp/.well-known/openid-configuration</c>.</summary>
    public string DiscoveryUrl { get; set; } = "";

    /// <summary>Value that tokens must carry in <c>iss</c>, where it is not the discovery URL without its end (Microsoft Entra ID v1 tokens, Auth0).</summary>
    public string? Issuer { get; set; }

    /// <summary>Values of <c>aud</c> accepted besides the gateway's own resource identifier, for providers with a fixed audience.</summary>
    public IList<string> AllowedAudience { get; } = [];

    /// <summary>Client ids (<c>client_id</c>, <c>azp</c> or <c>cid</c>; <c>appid</c> where there is none of them) that may call; empty allows every client.</summary>
    public IList<string> AllowedClients { get; } = [];

    /// <summary>A token must carry at least one of these scopes; empty asks for none beyond those that the resource needs.</summary>
    public IList<string> AllowedScopes { get; } = [];

    /// <summary>Further claims that a token must have; all must hold.</summary>
    public IList<CustomClaimOptions> CustomClaims { get; } = [];

    /// <summary>
    /// Scope as clients ask for it and as challenges name it → scope as tokens carry it, where the provider has two
    /// spellings (Microsoft Entra ID: <c>api://gateway/mcp.tools</c> → <c>mcp.tools</c>).
    /// </summary>
    public IList<ScopeMappingOptions> AdvertisedScopeMapping { get; } = [];

    /// <summary>Claim that names the person for good (Microsoft Entra ID: <c>oid</c>, because its <c>sub</c> differs per application).</summary>
    public string SubjectClaim { get; set; } = "sub";

    /// <summary>False only for providers whose access tokens have no <c>aud</c> (Amazon Cognito); then <see cref="AllowedClients"/> is needed.</summary>
    public bool RequireAudience { get; set; } = true;

    /// <summary>How people of this issuer sign in at the gateway's own pages.</summary>
    public SignIn.SignInOptions SignIn { get; set; } = new();

    /// <summary>Issuer that the discovery URL stands for (OpenID Connect Discovery §4.3).</summary>
    public string DiscoveryIssuer =>
        DiscoveryUrl.EndsWith(DiscoverySuffix, StringComparison.Ordinal)
            ? DiscoveryUrl[..^DiscoverySuffix.Length]
            : DiscoveryUrl;

    /// <summary>
    /// Issuer as the provider's metadata spells it and clients therefore must find it. A final slash is part of it, but no part
    /// of the discovery URL (Auth0).
    /// </summary>
    public string AdvertisedIssuer =>
        Issuer is { } issuer && string.Equals(issuer, DiscoveryIssuer + "/", StringComparison.Ordinal)
            ? issuer
            : DiscoveryIssuer;

    /// <summary>Value of <c>iss</c> that tokens of this provider carry.</summary>
    public string TokenIssuer => Issuer ?? DiscoveryIssuer;
}

/// <summary>One pair of a scope mapping; a list, because scope names contain the colon that configuration keys cannot.</summary>
internal sealed class ScopeMappingOptions
{
    /// <summary>The scope as clients ask for it.</summary>
    public string Advertised { get; set; } = "";

    /// <summary>The scope as the token carries it.</summary>
    public string Token { get; set; } = "";
}

/// <summary>How a claim is compared.</summary>
internal enum ClaimOperator
{
    /// <summary>The claim is this string.</summary>
    Equals,

    /// <summary>The claim is an array that has this string, or is this string.</summary>
    Contains,

    /// <summary>The claim is, or is an array that has, at least one of these strings.</summary>
    ContainsAny,
}

/// <summary>A claim that a token must have.</summary>
internal sealed class CustomClaimOptions
{
    public string Name { get; set; } = "";

    /// <summary><c>EQUALS</c>, <c>CONTAINS</c> or <c>CONTAINS_ANY</c>.</summary>
    public string Operator { get; set; } = "EQUALS";

    /// <summary>The value for <c>EQUALS</c> and <c>CONTAINS</c>.</summary>
    public string? Value { get; set; }

    /// <summary>The values for <c>CONTAINS_ANY</c>.</summary>
    public IList<string> Values { get; } = [];

    /// <summary><see cref="Operator"/> as a value; null for a word that is none of the three.</summary>
    public ClaimOperator? ParsedOperator =>
        Operator switch
        {
            "EQUALS" => ClaimOperator.Equals,
            "CONTAINS" => ClaimOperator.Contains,
            "CONTAINS_ANY" => ClaimOperator.ContainsAny,
            _ => null,
        };
}
