namespace AspireGateway.IdentityProvider.Realms;

internal static class RealmClients
{
    /// <summary>Redirect URIs of a program on this machine that listens wherever there is room.</summary>
    public static IReadOnlyList<string> AnyLoopback { get; } =
    ["http://127.0.0.1/*", "http://localhost/*", "http://[::1]/*"];

    /// <summary>The client with its secret, or none where no secret is configured.</summary>
    public static IReadOnlyList<RealmClient> Confidential(RealmClient client, string? secret) =>
        string.IsNullOrEmpty(secret) ? [] : [client with { Secret = secret }];
}
