namespace AspireGateway.Gateway.Outbound.Registration;

/// <summary>How the gateway is known to one authorization server. Never used at another.</summary>
/// <param name="ClientId">Its client id there.</param>
/// <param name="AuthMethod">How it authenticates at the token endpoint.</param>
internal sealed record ClientRegistration(string ClientId, ClientAuthMethod AuthMethod)
{
    /// <summary>For the two kinds with a secret.</summary>
    public Secret? ClientSecret { get; init; }

    /// <summary>PEM file with the key of <see cref="ClientAuthMethod.PrivateKeyJwt"/>.</summary>
    public string? PrivateKeyFile { get; init; }

    /// <summary>The same key, where the settings hold it themselves.</summary>
    public Secret? PrivateKey { get; init; }

    /// <summary>Key id for the header of the assertion.</summary>
    public string? PrivateKeyId { get; init; }
}

/// <summary>Client authentication at the token endpoint (OpenID Connect Core §9).</summary>
internal enum ClientAuthMethod
{
    None,
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
}

internal static class ClientAuthMethods
{
    /// <summary>Reads the name that metadata and settings use; null for another word.</summary>
    public static ClientAuthMethod? Parse(string? name) =>
        name switch
        {
            "none" => ClientAuthMethod.None,
            "client_secret_basic" => ClientAuthMethod.ClientSecretBasic,
            "client_secret_post" => ClientAuthMethod.ClientSecretPost,
            "private_key_jwt" => ClientAuthMethod.PrivateKeyJwt,
            _ => null,
        };
}
