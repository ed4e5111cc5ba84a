using System.Security.Claims;
using System.Text.Encodings.Web;
using AspireGateway.Dashboard.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AspireGateway.Dashboard.Access;

/// <summary>Lets in who has the cookie that <c>/login</c> gave; everybody else sees a page that says where the URL is.</summary>
internal sealed class LoginCookieHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    LoginTokens tokens
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "login-cookie";

    /// <summary>Cookies ignore ports, so the name carries it: two dashboards on one machine must not sign each other out.</summary>
    public static string CookieName(HttpContext context) => $"aspire-gateway-dashboard-{context.Connection.LocalPort}";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Request.Cookies.TryGetValue(CookieName(Context), out var cookie))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (!tokens.IsCookie(cookie))
        {
            return Task.FromResult(AuthenticateResult.Fail("The cookie belongs to another run of the dashboard."));
        }

        var person = new ClaimsPrincipal(new ClaimsIdentity(SchemeName));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(person, SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        new RazorComponentResult<SignInPage> { StatusCode = StatusCodes.Status401Unauthorized }.ExecuteAsync(Context);
}
