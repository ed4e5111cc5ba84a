using System.Diagnostics.CodeAnalysis;

namespace AspireGateway.Gateway.Vault.Grants;

/// <summary>Names a grant in the change feed: target, issuer, subject. Neither of the first two can hold the separator.</summary>
internal static class GrantSubject
{
    private const char Separator = '\n';

    public static string Of(UserId user, TargetName target) =>
        string.Join(Separator, target, user.Issuer, user.Subject);

    public static bool TryParse(string text, [NotNullWhen(true)] out UserId? user, out TargetName target)
    {
        var parts = text.Split(Separator, 3);
        target = default;
        user = parts.Length == 3 && TargetName.TryParse(parts[0], out target) ? new UserId(parts[1], parts[2]) : null;
        return user is not null;
    }
}
