using System.Text.Json.Serialization;

namespace AspireGateway.Gateway.Inbound.Metadata;

/// <summary>The members of RFC 9728 §2 that the gateway publishes.</summary>
/// <param name="Resource">The resource identifier, which access tokens name in <c>aud</c>.</param>
/// <param name="AuthorizationServers">Issuers whose tokens are accepted.</param>
/// <param name="ScopesSupported">What a client should ask for first; more is asked for when it is needed.</param>
/// <param name="BearerMethodsSupported">Always <c>header</c>.</param>
/// <param name="ResourceName">Name for a person.</param>
internal sealed record ProtectedResourceMetadata(
    [property: JsonPropertyName("resource")] string Resource,
    [property: JsonPropertyName("authorization_servers")] IReadOnlyList<string> AuthorizationServers,
    [property: JsonPropertyName("scopes_supported")] IReadOnlyList<string> ScopesSupported,
    [property: JsonPropertyName("bearer_methods_supported")] IReadOnlyList<string> BearerMethodsSupported,
    [property: JsonPropertyName("resource_name")] string ResourceName
);
