namespace AspireGateway.IdentityProvider.Realms;

/// <summary>The company whose people use the gateway.</summary>
internal static class CorpRealm
{
    public const string Name = "corp";

    private const string AdminRole = "mcp-admin";

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
                new("a11ce000-0000-4000-8000-00000000c04b", "alice", "Alice", "Example", "alice@corp.example"),
                new("b0b00000-0000-4000-8000-00000000c04b", "bob", "Bob", "Example", "bob@corp.example"),
                new("ca401000-0000-4000-8000-00000000c04b", "carol", "Carol", "Example", "carol@corp.example")
                {
                    Roles = [AdminRole],
                },
            ],
            Resources = [new(resource) { WithPathsBelow = true }],
            Scopes =
            [
                .. StandardScopes.All,
                new("mcp:tools", "List and call tools through the gateway") { Resource = resource },
                new("mcp:admin", "Administer the gateway") { Resource = resource, Role = AdminRole },
                new("weather:alerts", "Watch storms and receive weather alerts") { Resource = resource },
            ],
            Clients =
            [
                new("aspire-gateway-testclient", "AspireGateway test client")
                {
                    RedirectUris = RealmClients.AnyLoopback,
                },
                .. RealmClients.Confidential(
                    new(resource, "AspireGateway")
                    {
                        RedirectUris = [gateway + "/signin/callback/corp"],
                        PostLogoutRedirectUris = [gateway + "/*"],
                        // The company's own gateway needs no consent of the company's own people.
                        AsksForConsent = false,
                    },
                    options.GatewayClientSecret
                ),
            ],
        };
    }
}
