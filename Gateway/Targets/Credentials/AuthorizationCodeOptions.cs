using System.Text.Json.Serialization;

namespace AspireGateway.Gateway.Targets.Credentials;

/// <summary>
/// How the gateway gets each person's own tokens for a target (<c>Credential: authorization_code</c>). Section
/// <c>Gateway:Targets:{name}:AuthorizationCode</c>. Empty settings are discovered from the target.
/// </summary>
internal sealed class AuthorizationCodeOptions
{
    /// <summary>
    /// Issuer of the authorization server. Empty: the one that the target's protected resource metadata names. With
    /// <see cref="AuthorizationEndpoint"/> and <see cref="TokenEndpoint"/> its metadata is not read.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>Authorization endpoint, for servers without metadata.</summary>
    public string AuthorizationEndpoint { get; set; } = "";

    /// <summary>Token endpoint, for servers without metadata.</summary>
    public string TokenEndpoint { get; set; } = "";

    /// <summary>Revocation endpoint (RFC 7009), for servers without metadata.</summary>
    public string RevocationEndpoint { get; set; } = "";

    /// <summary>Client id of a registration made by hand. Empty: a metadata document where the server takes one, else dynamic registration.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Its secret, for <c>client_secret_basic</c> and <c>client_secret_post</c>.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>File with the private key (PEM, RSA or EC) for <c>private_key_jwt</c>.</summary>
    [JsonIgnore] // A file of this machine is for its operator to name, and not for the admin API.
    public string PrivateKeyFile { get; set; } = "";

    /// <summary>The key itself, in the same form.</summary>
    public string PrivateKey { get; set; } = "";

    /// <summary>Key id that the server knows the private key by.</summary>
    public string PrivateKeyId { get; set; } = "";

    /// <summary>
    /// <c>none</c>, <c>client_secret_basic</c>, <c>client_secret_post</c> or <c>private_key_jwt</c>; empty takes what fits the settings
    /// and the server's metadata.
    /// </summary>
    public string TokenEndpointAuthMethod { get; set; } = "";

    /// <summary>Scopes to ask for. Empty: those of the target's challenge, else those of its metadata.</summary>
    public IList<string> Scopes { get; init; } = [];

    /// <summary>Scopes to ask for besides those, for example <c>openid</c> and <c>profile</c>, so that people see which account they have connected.</summary>
    public IList<string> AdditionalScopes { get; init; } = [];

    /// <summary>
    /// Asks for <c>offline_access</c>, too, where the server's metadata lists it and <see cref="Scopes"/> is empty. False for grants
    /// that shall end with the person's session at the server.
    /// </summary>
    public bool RequestOfflineAccess { get; set; } = true;

    /// <summary>What stands between scopes in the authorization request; a comma for some providers off the standard.</summary>
    public string ScopeSeparator { get; set; } = " ";

    /// <summary>Further parameters of the authorization request, for example <c>access_type=offline</c> and <c>prompt=consent</c> (Google).</summary>
    public IDictionary<string, string> AuthorizeParameters { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Resource identifier of the target (RFC 8707), where it is not its URL.</summary>
    public string Resource { get; set; } = "";

    /// <summary>False for servers that refuse the parameter <c>resource</c>.</summary>
    public bool SendResource { get; set; } = true;

    /// <summary>
    /// Works with servers that do not announce PKCE with S256. What is lost: a code that somebody else gets hold of is as good
    /// as the account. The challenge is sent all the same.
    /// </summary>
    public bool AllowWithoutPkce { get; set; }

    /// <summary>Member of the token response that holds the tokens, for providers that nest them (Slack: <c>authed_user</c>).</summary>
    public string TokenObject { get; set; } = "";

    /// <summary>
    /// Address that answers an access token with a JSON object about its account, for servers without OpenID Connect (GitHub:
    /// <c>https://api.github.com/user</c>). Empty: the name comes from the ID token or the UserInfo endpoint, when <c>openid</c> was granted.
    /// </summary>
    public string AccountEndpoint { get; set; } = "";

    /// <summary>Member of that object with the name of the account (GitHub: <c>login</c>). Empty: <c>preferred_username</c>, <c>email</c> or <c>name</c>.</summary>
    public string AccountMember { get; set; } = "";

    /// <summary>Every URL among the settings, so that the operator's own choice of hosts is known.</summary>
    [JsonIgnore]
    public IEnumerable<string> Urls =>
        new[] { Issuer, AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint, AccountEndpoint }.Where(static url =>
            url.Length > 0
        );
}
