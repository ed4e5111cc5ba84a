using Microsoft.Net.Http.Headers;

namespace AspireGateway.TestClient.SignIn;

/// <summary>
/// The cookies of the scripted browser. Like real browsers, and unlike <see cref="System.Net.CookieContainer"/>, it treats
/// loopback as trustworthy: Keycloak sets <c>Secure</c> cookies there over plain http and expects them back.
/// </summary>
internal sealed class BrowserCookies(TimeProvider time)
{
    private readonly Dictionary<(string Host, string Path, string Name), string> _cookies = [];

    /// <summary>Keeps what an answer sets. Cookies of other hosts, or secure ones from plain http elsewhere, are dropped.</summary>
    public void Store(Uri url, HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues(HeaderNames.SetCookie, out var headers))
        {
            return;
        }

        foreach (var header in headers)
        {
            if (SetCookieHeaderValue.TryParse(header, out var cookie) && MayBeSet(url, cookie))
            {
                var key = (url.Host, PathOf(cookie, url), cookie.Name.ToString());
                if (IsOver(cookie))
                {
                    _cookies.Remove(key);
                }
                else
                {
                    _cookies[key] = cookie.Value.ToString();
                }
            }
        }
    }

    /// <summary>The <c>Cookie</c> header for a request; null when there is nothing to send. Longer paths come first.</summary>
    public string? HeaderFor(Uri url)
    {
        var cookies = _cookies
            .Where(cookie => cookie.Key.Host == url.Host && Covers(cookie.Key.Path, url.AbsolutePath))
            .OrderByDescending(static cookie => cookie.Key.Path.Length)
            .Select(static cookie => $"{cookie.Key.Name}={cookie.Value}")
            .ToArray();
        return cookies.Length == 0 ? null : string.Join("; ", cookies);
    }

    private bool IsOver(SetCookieHeaderValue cookie) =>
        cookie.MaxAge <= TimeSpan.Zero || (cookie.MaxAge is null && cookie.Expires <= time.GetUtcNow());

    private static bool MayBeSet(Uri url, SetCookieHeaderValue cookie) =>
        (!cookie.Domain.HasValue || cookie.Domain.ToString().TrimStart('.') == url.Host)
        && (!cookie.Secure || IsTrustworthy(url));

    private static bool IsTrustworthy(Uri url) => url.Scheme == Uri.UriSchemeHttps || url.IsLoopback;

    // RFC 6265 section 5.1.4.
    private static string PathOf(SetCookieHeaderValue cookie, Uri url) =>
        cookie.Path.HasValue && cookie.Path.Value.StartsWith('/')
            ? cookie.Path.ToString()
            : url.AbsolutePath[..Math.Max(1, url.AbsolutePath.LastIndexOf('/'))];

    private static bool Covers(string cookiePath, string path) =>
        path == cookiePath
        || (
            path.StartsWith(cookiePath, StringComparison.Ordinal)
            && (cookiePath.EndsWith('/') || path[cookiePath.Length] == '/')
        );
}
