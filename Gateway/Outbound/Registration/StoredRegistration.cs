namespace AspireGateway.Gateway.Outbound.Registration;

/// <summary>What an authorization server answered to a dynamic registration (RFC 7591 §3.2.1), as it is kept.</summary>
/// <param name="Issuer">The server.</param>
/// <param name="ClientId">The gateway's client id there.</param>
/// <param name="ClientSecret">Its secret, where it got one.</param>
/// <param name="AuthMethod">How it authenticates at the token endpoint.</param>
/// <param name="ExpiresAt">When the secret ends; null for never.</param>
internal sealed record StoredRegistration(
    string Issuer,
    string ClientId,
    string? ClientSecret,
    string AuthMethod,
    DateTimeOffset? ExpiresAt
)
{
    /// <summary>Kind of its records. They are grouped by target.</summary>
    public const string Kind = "client-registration";

    /// <summary>Where the registration can be ended (RFC 7592); null where the server offers no such place.</summary>
    public string? ManagementUrl { get; init; }

    /// <summary>What the server asks for there.</summary>
    public string? ManagementToken { get; init; }

    public ClientRegistration ToRegistration() =>
        new(
            ClientId,
            ClientSecret is null ? ClientAuthMethod.None : ClientAuthMethods.Parse(AuthMethod) ?? ClientAuthMethod.None
        )
        {
            ClientSecret = ClientSecret is null ? null : new Secret(ClientSecret),
        };

    // The compiler's own would print the secrets.
    public override string ToString() => "[redacted]";
}
