using System.Security.Cryptography;
using System.Text;
using AspireGateway.Gateway.Inbound.SignIn;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>
/// Ties an authorization request to the browser that it started in, which PKCE does not: without it, somebody could start a flow and
/// have another person finish it (cross-user session fixation).
/// </summary>
internal sealed class FlowCookie(BrowserCookies cookies)
{
    /// <summary>Writes the cookie, after the person has said yes.</summary>
    /// <returns>Fingerprint to keep with the pending authorization.</returns>
    public string Write(HttpContext context, string state, TimeSpan lifetime)
    {
        var value = RandomText.New();
        context.Response.Cookies.Append(NameFor(state), value, cookies.Options(lifetime));
        return RandomText.Fingerprint(value);
    }

    /// <summary>Whether this browser has the cookie of this flow.</summary>
    public bool Matches(HttpContext context, string state, string fingerprint) =>
        context.Request.Cookies[NameFor(state)] is { Length: > 0 } value
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(RandomText.Fingerprint(value)),
            Encoding.ASCII.GetBytes(fingerprint)
        );

    public void Delete(HttpContext context, string state) =>
        context.Response.Cookies.Delete(NameFor(state), cookies.Options(lifetime: null));

    // A name for each flow: several consents may be on their way in one browser.
    private string NameFor(string state) => cookies.Name("flow-" + RandomText.Fingerprint(state)[..8]);
}
