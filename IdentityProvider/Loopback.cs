using System.Net;

namespace AspireGateway.IdentityProvider;

/// <summary>What counts as this machine: <c>localhost</c> with its subdomains (RFC 6761), and loopback addresses.</summary>
internal static class Loopback
{
    public static bool IsLoopbackHost(Uri url)
    {
        var host = url.IdnHost;
        return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    /// <summary>
    /// A redirect URI that only a program on this machine can receive (RFC 8252 §7.3): plain http to one of the three
    /// names of loopback, without user information or fragment.
    /// </summary>
    public static bool IsRedirectUri(Uri url) =>
        url is { IsAbsoluteUri: true, Scheme: "http", UserInfo.Length: 0 }
        && url.Host is "localhost" or "127.0.0.1" or "[::1]"
        && !url.OriginalString.Contains('#', StringComparison.Ordinal);
}
