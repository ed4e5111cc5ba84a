namespace AspireGateway.IdentityProvider.Realms;

/// <summary>The company whose people use the gateway.</summary>
internal static class CorpRealm
{
    public const string Name = "corp";

    private const string AdminRole = "admin";

    public static Realm Create(IdentityProviderOptions options)
    {
        var gateway = options.GatewayPublicUrl.TrimEnd('/');
        var resource = gateway + "/mcp";
        return new Realm
        {
            Name = Name,
            DisplayName = "Corp",
            PublicUrl = new Uri(options.PublicUrl),
            Users =
            [
                new("6f0c1b52-2f0e-4c53-9c3c-8a3f1d0a11ce", "alice", "Alice", "Anderson", "alice@corp.example"),
                new("b0b5e1a7-43d9-4f57-8f0a-5f6c2e7d0b0b", "bob", "Bob", "Brown", "bob@corp.example"),
                new("ca401e7d-91b6-4d0e-a6f3-2c9b7e5f0ca0", "carol", "Carol", "Clark", "carol@corp.example")
                {
                    Roles = [AdminRole],
                },
            ],
            Resources = [new(resource, "AspireGateway") { WithPathsBelow = true }],
            Scopes =
            [
                .. StandardScopes.All,
                new("mcp:tools", "Use the gateway's tools in your name") { Resource = resource },
                new("mcp:admin", "Administer the gateway") { Resource = resource, Role = AdminRole },
            ],
            Clients =
            [
                new("aspire-gateway-testclient", "AspireGateway test client")
                {
                    RedirectUris = RealmClients.AnyLoopback,
                },
                .. RealmClients.Confidential(
                    resource,
                    "AspireGateway",
                    options.GatewayClientSecret,
                    gateway + "/signin/callback/corp",
                    // The company's own gateway needs no consent of the company's own people.
                    asksForConsent: false
                ),
            ],
        };
    }
}
