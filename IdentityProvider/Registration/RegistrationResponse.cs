using System.Text.Json.Serialization;
using AspireGateway.IdentityProvider.Realms;

namespace AspireGateway.IdentityProvider.Registration;

/// <summary>RFC 7591 §3.2.1: the client as it was registered, which may be more than it asked for.</summary>
internal sealed record RegistrationResponse
{
    [JsonPropertyName("client_id")]
    public required string ClientId { get; init; }

    [JsonPropertyName("client_id_issued_at")]
    public required long ClientIdIssuedAt { get; init; }

    [JsonPropertyName("client_secret")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientSecret { get; init; }

    [JsonPropertyName("client_secret_expires_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ClientSecretExpiresAt { get; init; }

    [JsonPropertyName("client_name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientName { get; init; }

    [JsonPropertyName("redirect_uris")]
    public required IReadOnlyList<string> RedirectUris { get; init; }

    [JsonPropertyName("token_endpoint_auth_method")]
    public required string TokenEndpointAuthMethod { get; init; }

    [JsonPropertyName("grant_types")]
    public IReadOnlyList<string> GrantTypes { get; } = ["authorization_code", "refresh_token"];

    [JsonPropertyName("response_types")]
    public IReadOnlyList<string> ResponseTypes { get; } = ["code"];

    [JsonPropertyName("application_type")]
    public required string ApplicationType { get; init; }

    /// <summary>All scopes of the realm: a client can ask for more later (step-up), and people decide at the consent page.</summary>
    [JsonPropertyName("scope")]
    public required string Scope { get; init; }

    public static RegistrationResponse Of(
        RealmClient client,
        ClientMetadata metadata,
        string authenticationMethod,
        Realm realm,
        DateTimeOffset now
    ) =>
        new()
        {
            ClientId = client.ClientId,
            ClientIdIssuedAt = now.ToUnixTimeSeconds(),
            ClientSecret = client.Secret,
            ClientSecretExpiresAt = client.Secret is null ? null : 0,
            ClientName = metadata.ClientName,
            RedirectUris = client.RedirectUris,
            TokenEndpointAuthMethod = authenticationMethod,
            ApplicationType = metadata.ApplicationType ?? "web",
            Scope = string.Join(' ', realm.Scopes.Select(static scope => scope.Name)),
        };
}
