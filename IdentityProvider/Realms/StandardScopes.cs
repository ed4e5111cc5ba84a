namespace AspireGateway.IdentityProvider.Realms;

internal static class StandardScopes
{
    public static IReadOnlyList<RealmScope> All { get; } =
    [
        new("openid", "Know who you are"),
        new("profile", "See your name and user name"),
        new("email", "See your email address"),
        new("offline_access", "Stay signed in while you are away"),
    ];
}
