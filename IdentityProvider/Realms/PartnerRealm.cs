namespace AspireGateway.IdentityProvider.Realms;

/// <summary>Another company, whose notes server the gateway uses in a person's name.</summary>
internal static class PartnerRealm
{
    public const string Name = "partner";

    public static Realm Create(IdentityProviderOptions options)
    {
        var resource = options.NotesPublicUrl.TrimEnd('/') + "/mcp";
        return new Realm
        {
            Name = Name,
            DisplayName = "Partner Notes",
            PublicUrl = new Uri(options.PublicUrl),
            Users =
            [
                new("a11ce9a7-7b64-4a8e-b1de-0c6d4f2e9a71", "alice.p", "Alice", "Anderson", "alice@partner.example"),
                new("b0b9a7c4-15f2-4b3a-9e8d-7a1c3d5e9b0b", "bob.p", "Bob", "Brown", "bob@partner.example"),
            ],
            Resources = [new(resource, "Notes")],
            Scopes =
            [
                .. StandardScopes.All,
                new("notes:read", "Read your notes") { Resource = resource },
                new("notes:write", "Write and change your notes") { Resource = resource },
                new("notes:admin", "Manage notes and how they are shared") { Resource = resource },
            ],
            Clients = RealmClients.Confidential(
                "aspire-gateway",
                "AspireGateway",
                options.GatewayClientSecret,
                options.GatewayPublicUrl.TrimEnd('/') + "/connect/callback/*",
                asksForConsent: true
            ),
        };
    }
}
