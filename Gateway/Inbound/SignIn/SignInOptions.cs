namespace AspireGateway.Gateway.Inbound.SignIn;

/// <summary>
/// The gateway as a client of the issuer, for people who open its own pages in a browser. Section
/// <c>Gateway:Inbound:Issuers:{n}:SignIn</c>; without a client id nobody of this issuer can consent to anything.
/// </summary>
internal sealed class SignInOptions
{
    /// <summary>Client id at the issuer. Its redirect URI is <c>{public}/signin/callback/{issuer's name}</c>.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Client secret; empty for a public client.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Scopes to ask for, space separated; <c>openid</c> must be among them.</summary>
    public string Scopes { get; set; } = "openid profile";
}
