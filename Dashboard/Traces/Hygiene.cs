using System.Text.RegularExpressions;

namespace AspireGateway.Dashboard.Traces;

/// <summary>
/// Takes out of received telemetry what nobody should find on a screen: queries of URLs, attributes that are named like a
/// secret, tokens and handles inside other texts. Senders clean up too; this is for those that do not.
/// </summary>
internal static partial class Hygiene
{
    private const string Hidden = "*";

    // Parts of names, without separators. "token" alone would hide gen_ai.usage.input_tokens, so a token has to be a word's end.
    private static readonly string[] SecretParts =
    [
        "password",
        "passwd",
        "secret",
        "apikey",
        "privatekey",
        "cookie",
        "credentialvalue",
        "connectionstring",
        "codeverifier",
        "authorizationcode",
        "requestheaderauthorization",
        "responseheaderlocation",
        "clientassertion",
    ];

    private static readonly string[] SecretEnds = ["token", "authorization", "nonce"];

    private static readonly string[] Dropped =
    [
        "url.query",
        "http.query",
        "client_secret",
        "code",
        "state",
        "jwt",
        "otp",
    ];

    /// <summary>Whether an attribute is not kept at all.</summary>
    public static bool IsDropped(string name)
    {
        if (Dropped.Contains(name, StringComparer.Ordinal))
        {
            return true;
        }

        var letters = name.Replace("_", "", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal)
            .Replace(".", "", StringComparison.Ordinal);
        return Array.Exists(SecretParts, part => letters.Contains(part, StringComparison.OrdinalIgnoreCase))
            || Array.Exists(SecretEnds, end => letters.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The value without queries, tokens and handles.</summary>
    public static string Clean(string value)
    {
        if (value.Contains('?', StringComparison.Ordinal))
        {
            value = Queries().Replace(value, "${before}?" + Hidden);
        }

        if (value.Contains('.', StringComparison.Ordinal))
        {
            value = JsonWebTokens().Replace(value, Hidden);
        }

        if (value.Contains('@', StringComparison.Ordinal))
        {
            value = Passwords().Replace(value, "://" + Hidden + "@");
        }

        if (value.Contains("earer ", StringComparison.OrdinalIgnoreCase))
        {
            value = BearerTokens().Replace(value, "Bearer " + Hidden);
        }

        return value.Contains('/', StringComparison.Ordinal) ? Handles().Replace(value, "/" + Hidden) : value;
    }

    // In an absolute URL or a path: everything after the question mark, up to white space or a quote.
    [GeneratedRegex(@"(?<before>^|/[^\s?""'<>]*)\?[^\s""'<>]+", RegexOptions.NonBacktracking)]
    private static partial Regex Queries();

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)*", RegexOptions.NonBacktracking)]
    private static partial Regex JsonWebTokens();

    [GeneratedRegex(@"://[^\s/@:]+:[^\s/@]+@", RegexOptions.NonBacktracking)]
    private static partial Regex Passwords();

    [GeneratedRegex(@"[Bb]earer [A-Za-z0-9._~+/=-]{16,}", RegexOptions.NonBacktracking)]
    private static partial Regex BearerTokens();

    // A path segment of 40 random-looking characters and more opens something for whoever has it: a consent's link.
    [GeneratedRegex(@"/[A-Za-z0-9_-]{40,}", RegexOptions.NonBacktracking)]
    private static partial Regex Handles();
}
