namespace AspireGateway.Dashboard.Pages;

/// <summary>
/// Second line of defence: hides what sounds like a secret also where the engine did not mark it. Hiding a harmless
/// value costs a developer a look elsewhere; showing a secret in a screenshot costs more.
/// </summary>
internal static class SecretNames
{
    private static readonly string[] Parts =
    [
        "PASSWORD",
        "PASSWD",
        "SECRET",
        "TOKEN",
        "APIKEY",
        "ACCESSKEY",
        "PRIVATEKEY",
        "CREDENTIAL",
        "CONNECTIONSTRING",
        "OTLPHEADERS",
    ];

    public static bool IsHidden(EnvironmentEntry entry) =>
        entry.IsSecret || SoundsSecret(entry.Name) || HasUserInfo(entry.Value);

    private static bool SoundsSecret(string name)
    {
        var letters = name.Replace("_", "", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal)
            .Replace(":", "", StringComparison.Ordinal);
        return Array.Exists(Parts, part => letters.Contains(part, StringComparison.OrdinalIgnoreCase));
    }

    // A password inside a URL: postgres://user:password@host.
    private static bool HasUserInfo(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.UserInfo.Contains(':', StringComparison.Ordinal);
}
