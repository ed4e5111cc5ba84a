using AspireGateway.Dashboard.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Extensions = AspireGateway.ServiceDefaults.Extensions;

namespace AspireGateway.Dashboard.Access;

/// <summary>Who gets in: requests by a loopback name, from a person who has the printed URL.</summary>
internal static class AccessExtensions
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void AddDashboardAccess(this IServiceCollection services, DashboardOptions options)
    {
        // A page elsewhere can make its own name resolve to 127.0.0.1 (DNS rebinding); its requests then carry that name.
        services.Configure<HostFilteringOptions>(static filter =>
        {
            filter.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"];
            filter.AllowEmptyHosts = false;
            filter.IncludeFailureMessage = false;
        });

        services.AddSingleton(new LoginTokens(options));
        services
            .AddAuthentication(LoginCookieHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, LoginCookieHandler>(LoginCookieHandler.SchemeName, null);
        services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(
                new AuthorizationPolicyBuilder(LoginCookieHandler.SchemeName).RequireAuthenticatedUser().Build()
            );
    }

    public static void UseDashboardAccess(this WebApplication app)
    {
        app.UseHostFiltering();
        app.Use(AddSecurityHeadersAsync);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    public static void MapLogin(this WebApplication app) => app.MapGet("/login", Login).AllowAnonymous();

    /// <summary>
    /// What an engine asks when the dashboard is one of its resources. The dashboard depends on nothing: who answers is healthy.
    /// </summary>
    public static void MapHealth(this WebApplication app)
    {
        foreach (var path in (string[])[Extensions.HealthPath, Extensions.AlivePath])
        {
            app.MapGet(path, static () => TypedResults.Text("Healthy")).AllowAnonymous();
        }
    }

    private static IResult Login(string? t, HttpContext context, LoginTokens tokens)
    {
        if (!tokens.IsLoginToken(t))
        {
            return new RazorComponentResult<SignInPage>(new { WrongToken = t is not null })
            {
                StatusCode = StatusCodes.Status401Unauthorized,
            };
        }

        context.Response.Cookies.Append(
            LoginCookieHandler.CookieName(context),
            tokens.CookieValue,
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Path = "/",
            }
        );

        // Behind a link in another site (a browser-based editor's terminal) a redirect still counts as cross-site, and the
        // new cookie would not be sent. A page of ours that goes on by itself starts a navigation of its own.
        return context.Request.Headers["Sec-Fetch-Site"] == "cross-site"
            ? new RazorComponentResult<SignedInPage>()
            : TypedResults.Redirect("/");
    }

    private static Task AddSecurityHeadersAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = new StringValues("same-origin");
        return next(context);
    }
}
