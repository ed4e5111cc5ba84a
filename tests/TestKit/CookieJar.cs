using System.Net.Http.Headers;

namespace AspireGateway.TestKit;

/// <summary>
/// Cookies as browsers treat them on loopback: <c>Secure</c> ones go over plain http to this machine too, and ports play no
/// part. <see cref="System.Net.CookieContainer"/> does neither.
/// </summary>
public sealed class CookieJar
{
    private readonly List<Cookie> _cookies = [];

    /// <summary>Names of the cookies in the jar.</summary>
    public IReadOnlyList<string> Names => [.. _cookies.Select(static cookie => cookie.Name)];

    /// <summary>The value of the cookie header for a request, or null where there is none.</summary>
    public string? HeaderFor(Uri url)
    {
        var cookies = _cookies
            .Where(cookie => cookie.Host == url.Host && IsBelow(url.AbsolutePath, cookie.Path))
            .Where(cookie => !cookie.Secure || url.Scheme == Uri.UriSchemeHttps || url.IsLoopback)
            .OrderByDescending(static cookie => cookie.Path.Length)
            .Select(static cookie => $"{cookie.Name}={cookie.Value}")
            .ToList();
        return cookies.Count == 0 ? null : string.Join("; ", cookies);
    }

    /// <summary>Puts a cookie into the jar, as if the server had set it for all of its paths.</summary>
    public void Set(Uri url, string name, string value) =>
        _cookies.Add(new Cookie(url.Host, "/", name, value, Secure: false));

    /// <summary>Keeps, replaces and deletes what the response says.</summary>
    public void Store(Uri url, HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("Set-Cookie", out var lines))
        {
            return;
        }

        foreach (var line in lines)
        {
            var (cookie, dead) = Parse(url, line);
            _cookies.RemoveAll(old => (old.Host, old.Path, old.Name) == (cookie.Host, cookie.Path, cookie.Name));
            if (!dead)
            {
                _cookies.Add(cookie);
            }
        }
    }

    private static (Cookie Cookie, bool Dead) Parse(Uri url, string line)
    {
        var parts = line.Split(';', StringSplitOptions.TrimEntries);
        var pair = parts[0].Split('=', 2);
        var attributes = parts
            .Skip(1)
            .Select(static part => part.Split('=', 2))
            .ToLookup(
                static part => part[0],
                static part => part.Length > 1 ? part[1] : "",
                StringComparer.OrdinalIgnoreCase
            );
        var path = attributes["path"].LastOrDefault() is ['/', ..] given ? given : DefaultPath(url);
        var dead =
            attributes["max-age"].LastOrDefault() is "0"
            || (
                DateTimeOffset.TryParse(attributes["expires"].LastOrDefault(), out var expires)
                && expires < TimeProvider.System.GetUtcNow()
            );
        return (
            new Cookie(url.Host, path, pair[0], pair.ElementAtOrDefault(1) ?? "", attributes.Contains("secure")),
            dead
        );
    }

    private static string DefaultPath(Uri url)
    {
        var end = url.AbsolutePath.LastIndexOf('/');
        return end <= 0 ? "/" : url.AbsolutePath[..end];
    }

    private static bool IsBelow(string path, string cookiePath) =>
        path == cookiePath
        || (
            path.StartsWith(cookiePath, StringComparison.Ordinal)
            && (cookiePath.EndsWith('/') || path[cookiePath.Length] == '/')
        );

    private sealed record Cookie(string Host, string Path, string Name, string Value, bool Secure);
}
