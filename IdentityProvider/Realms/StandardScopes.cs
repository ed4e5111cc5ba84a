namespace AspireGateway.IdentityProvider.Realms;

internal static class StandardScopes
{
    public static IReadOnlyList<RealmScope> All { get; } =
    [
        new("openid", "Know who you are"),
        new("profile", "Your name and user name"),
        new("email", "Your email address"),
        new("offline_access", "Stay signed in while you are away"),
    ];
}
