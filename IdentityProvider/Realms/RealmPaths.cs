namespace AspireGateway.IdentityProvider.Realms;

/// <summary>Keycloak's paths, so that both providers look alike in addresses, logs and traces.</summary>
internal sealed record RealmPaths(string Realm)
{
    public string Root => $"/realms/{Realm}";

    public string Authorize => Protocol("auth");

    public string Token => Protocol("token");

    public string Keys => Protocol("certs");

    public string Revoke => Protocol("revoke");

    public string UserInfo => Protocol("userinfo");

    public string Logout => Protocol("logout");

    public string Register => $"{Root}/clients-registrations/openid-connect";

    public string Login => $"{Root}/login-actions/authenticate";

    public string Style => $"{Root}/resources/site.css";

    /// <summary>OIDC discovery, RFC 8414 with the path inserted, and the two mixtures that clients try as well.</summary>
    public IReadOnlyList<string> Metadata { get; } =
    [
        $"/realms/{Realm}/.well-known/openid-configuration",
        $"/.well-known/oauth-authorization-server/realms/{Realm}",
        $"/.well-known/openid-configuration/realms/{Realm}",
        $"/realms/{Realm}/.well-known/oauth-authorization-server",
    ];

    public bool IsMetadata(PathString path) => Metadata.Contains(path.Value, StringComparer.Ordinal);

    public bool NeedsDatabase(PathString path) =>
        path.StartsWithSegments(Root, StringComparison.Ordinal) && path != Keys && path != Style && !IsMetadata(path);

    private string Protocol(string endpoint) => $"{Root}/protocol/openid-connect/{endpoint}";
}
