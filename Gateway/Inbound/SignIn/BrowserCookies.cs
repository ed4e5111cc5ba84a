using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.SignIn;

/// <summary>
/// How the gateway's cookies look. <c>__Host-</c> and Secure, except where the public URL is http on loopback in Development:
/// Safari and most cookie jars drop Secure cookies there. Cookies ignore ports, so two gateways on one machine need different names.
/// </summary>
internal sealed class BrowserCookies(IOptions<GatewayOptions> gateway)
{
    private readonly bool _isSecure = gateway.Value.PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
    private readonly string _suffix = Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(gateway.Value.PublicUrl.TrimEnd('/')))[..4]
    );

    /// <summary>Full name of a cookie.</summary>
    public string Name(string name) => (_isSecure ? "__Host-" : "") + $"aspire-gateway-{name}-{_suffix}";

    /// <summary>Applies the common attributes.</summary>
    public CookieBuilder Apply(CookieBuilder cookie, string name)
    {
        cookie.Name = Name(name);
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = _isSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        cookie.IsEssential = true;
        return cookie;
    }

    /// <summary>Attributes of a cookie that is written by hand.</summary>
    public CookieOptions Options(TimeSpan? lifetime) =>
        new()
        {
            Path = "/",
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = _isSecure,
            IsEssential = true,
            MaxAge = lifetime,
        };
}
