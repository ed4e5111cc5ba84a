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
            DisplayName = "Partner",
            PublicUrl = new Uri(options.PublicUrl),
            Users =
            [
                new("a11ce000-0000-4000-8000-0000009a47e4", "alice.p", "Alice", "Partner", "alice@partner.example"),
                new("b0b00000-0000-4000-8000-0000009a47e4", "bob.p", "Bob", "Partner", "bob@partner.example"),
            ],
            Resources = [new(resource)],
            Scopes =
            [
                .. StandardScopes.All,
                new("notes:read", "Read your notes") { Resource = resource },
                new("notes:write", "Create and change your notes") { Resource = resource },
                new("notes:admin", "Delete notes and manage your notebooks") { Resource = resource },
            ],
            Clients =
            [
                .. RealmClients.Confidential(
                    new("aspire-gateway", "AspireGateway of Corp")
                    {
                        RedirectUris = [options.GatewayPublicUrl.TrimEnd('/') + "/connect/callback/*"],
                    },
                    options.GatewayClientSecret
                ),
            ],
        };
    }
}
