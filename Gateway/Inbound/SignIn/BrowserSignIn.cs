using System.Security.Claims;
using AspireGateway.Gateway.Inbound.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.SignIn;

/// <summary>
/// Sign-in of people at the gateway's own pages by OpenID Connect. It gives no access to the MCP endpoints, which look at access
/// tokens only.
/// </summary>
internal sealed class BrowserSignIn(
    IOptions<InboundOptions> inbound,
    IssuerRegistry issuers,
    IOptions<GatewayOptions> gateway,
    IHostEnvironment environment
)
{
    /// <summary>Scheme of the session cookie.</summary>
    public const string CookieScheme = "browser";

    /// <summary>Claim with the configured name of the issuer.</summary>
    public const string IssuerClaim = "issuer";

    /// <summary>Claim with the subject.</summary>
    public const string SubjectClaim = "subject";

    /// <summary>Claim with the person's name.</summary>
    public const string NameClaim = "name";

    internal const string ForceItem = "force";

    /// <summary>Issuers at which people can sign in, in the order of the configuration.</summary>
    public IReadOnlyList<string> Issuers { get; } =
    [.. inbound.Value.Issuers.Where(static i => i.SignIn.ClientId.Length > 0).Select(static i => i.Name)];

    /// <summary>Where the browser goes for that.</summary>
    public IReadOnlyList<Uri> Origins { get; } =
    [
        .. inbound
            .Value.Issuers.Where(static i => i.SignIn.ClientId.Length > 0)
            .Select(static i => new Uri(i.DiscoveryUrl)),
    ];

    /// <summary>Name of the scheme of an issuer.</summary>
    public static string SchemeOf(string issuer) => "signin:" + issuer;

    /// <summary>Path to which the issuer sends the browser back.</summary>
    public static string CallbackPathOf(string issuer) => "/signin/callback/" + issuer;

    /// <summary>Whether people of an issuer can sign in.</summary>
    public bool CanSignIn(string issuer) => Issuers.Contains(issuer, StringComparer.Ordinal);

    /// <summary>Who sits at the browser; null when nobody has signed in.</summary>
    public async Task<BrowserUser?> GetUserAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(CookieScheme);
        if (
            result.Principal is not { } principal
            || principal.FindFirstValue(IssuerClaim) is not { } issuer
            || principal.FindFirstValue(SubjectClaim) is not { } subject
            || !CanSignIn(issuer)
        )
        {
            return null;
        }

        // Antiforgery tokens are bound to whoever is the request's user.
        context.User = principal;
        return new BrowserUser(new UserId(issuer, subject), principal.FindFirstValue(NameClaim) ?? "");
    }

    /// <summary>Sends the browser to the issuer, and from there back to <paramref name="returnPath"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="issuer">Configured name of the issuer.</param>
    /// <param name="returnPath">A path of the gateway itself.</param>
    /// <param name="force">Asks for the password again, so that another account can be chosen.</param>
    public static Task ChallengeAsync(HttpContext context, string issuer, string returnPath, bool force = false)
    {
        var properties = new AuthenticationProperties { RedirectUri = returnPath };
        if (force)
        {
            properties.Parameters[ForceItem] = true;
        }

        return context.ChallengeAsync(SchemeOf(issuer), properties);
    }

    /// <summary>Ends the session at the gateway; the one at the issuer stays.</summary>
    public static Task SignOutAsync(HttpContext context) => context.SignOutAsync(CookieScheme);

    /// <summary>Where a browser goes to end its session at the issuer too (OpenID Connect RP-Initiated Logout §2).</summary>
    /// <param name="issuer">Configured name of the issuer.</param>
    /// <param name="returnPath">A path of the gateway itself, where it comes back.</param>
    /// <returns>Null when the issuer offers no such place.</returns>
    public Uri? SignOutUrl(string issuer, string returnPath)
    {
        var metadata = issuers.All.SingleOrDefault(known => known.Options.Name == issuer);
        return
            metadata?.Current?.EndSessionEndpoint is { Length: > 0 } endpoint
            && Uri.TryCreate(endpoint, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && environment.IsDevelopment()))
            // The ID token was not kept, so the issuer asks the person before it ends the session.
            ? new Uri(
                QueryHelpers.AddQueryString(
                    url.AbsoluteUri,
                    new Dictionary<string, string?>(StringComparer.Ordinal)
                    {
                        ["client_id"] = metadata.Options.SignIn.ClientId,
                        ["post_logout_redirect_uri"] = gateway.Value.Absolute(returnPath),
                    }
                )
            )
            : null;
    }
}
