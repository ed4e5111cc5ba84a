using System.Security.Claims;
using AspireGateway.Gateway.Inbound.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AspireGateway.Gateway.Inbound.SignIn;

/// <summary>One OpenID Connect scheme for each issuer at which the gateway is a client, and the cookie that they sign in to.</summary>
internal sealed class SignInSchemes(
    IOptions<GatewayOptions> gateway,
    IOptions<InboundOptions> inbound,
    IssuerRegistry issuers,
    BrowserCookies cookies,
    IHostEnvironment environment
)
    : IConfigureOptions<AuthenticationOptions>,
        IConfigureNamedOptions<OpenIdConnectOptions>,
        IConfigureNamedOptions<CookieAuthenticationOptions>
{
    private static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(8);

    // Sign-in and consent together have ten minutes (the life of a consent link).
    private static readonly TimeSpan SignInLifetime = TimeSpan.FromMinutes(10);

    public void Configure(AuthenticationOptions options)
    {
        options.AddScheme<CookieAuthenticationHandler>(BrowserSignIn.CookieScheme, displayName: null);
        foreach (var issuer in inbound.Value.Issuers.Where(static issuer => issuer.SignIn.ClientId.Length > 0))
        {
            options.AddScheme<SignInHandler>(BrowserSignIn.SchemeOf(issuer.Name), displayName: null);
        }
    }

    public void Configure(OpenIdConnectOptions options) { }

    public void Configure(CookieAuthenticationOptions options) { }

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        cookies.Apply(options.Cookie, "session");
        options.ExpireTimeSpan = SessionLifetime;
        options.SlidingExpiration = false;
    }

    public void Configure(string? name, OpenIdConnectOptions options)
    {
        var issuer = issuers.All.SingleOrDefault(issuer =>
            string.Equals(BrowserSignIn.SchemeOf(issuer.Options.Name), name, StringComparison.Ordinal)
        );
        if (issuer is null)
        {
            return;
        }

        var settings = issuer.Options.SignIn;
        options.SignInScheme = BrowserSignIn.CookieScheme;
        options.ClientId = settings.ClientId;
        options.ClientSecret = settings.ClientSecret.Length == 0 ? null : settings.ClientSecret;
        options.ConfigurationManager = issuer;
        options.RefreshOnIssuerKeyNotFound = false;
        options.RequireHttpsMetadata = !environment.IsDevelopment();
        options.CallbackPath = BrowserSignIn.CallbackPathOf(issuer.Options.Name);
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.GetClaimsFromUserInfoEndpoint = false;
        options.DisableTelemetry = true;
        options.RemoteAuthenticationTimeout = SignInLifetime;
        options.ProtocolValidator.NonceLifetime = SignInLifetime;
        options.TokenValidationParameters.ValidAlgorithms = IssuerSchemes.Algorithms;
        options.TokenValidationParameters.ClockSkew = inbound.Value.ClockSkew;
        options.Scope.Clear();
        foreach (var scope in ScopeSet.Parse(settings.Scopes).Values)
        {
            options.Scope.Add(scope);
        }

        // The handlers put the name of each flow behind these.
        cookies.Apply(options.CorrelationCookie, "signin").Name += ".";
        cookies.Apply(options.NonceCookie, "nonce").Name += ".";
        options.Events = new OpenIdConnectEvents
        {
            OnRedirectToIdentityProvider = context => Redirect(context, issuer.Options.Name),
            OnTokenValidated = context => TakeIdentity(context, issuer.Options),
            OnRemoteFailure = Fail,
        };
    }

    private Task Redirect(RedirectContext context, string issuer)
    {
        SignInHandler.RememberFlow(context.Properties);

        // Never from the Host header.
        context.ProtocolMessage.RedirectUri = gateway.Value.Absolute(BrowserSignIn.CallbackPathOf(issuer));
        if (context.Properties.GetParameter<bool?>(BrowserSignIn.ForceItem) is true)
        {
            context.ProtocolMessage.Prompt = OpenIdConnectPrompt.Login;
        }

        return Task.CompletedTask;
    }

    // Only what the pages need goes into the cookie.
    private static Task TakeIdentity(TokenValidatedContext context, IssuerOptions issuer)
    {
        if (context.Principal?.FindFirstValue(issuer.SubjectClaim) is not { Length: > 0 } subject)
        {
            context.Fail($"The ID token has no claim '{issuer.SubjectClaim}'.");
            return Task.CompletedTask;
        }

        var name =
            context.Principal.FindFirstValue("preferred_username") ?? context.Principal.FindFirstValue("name") ?? "";
        context.Principal = new ClaimsPrincipal(
            new ClaimsIdentity(
                [
                    new(BrowserSignIn.IssuerClaim, issuer.Name),
                    new(BrowserSignIn.SubjectClaim, subject),
                    new(BrowserSignIn.NameClaim, name),
                ],
                BrowserSignIn.CookieScheme,
                BrowserSignIn.NameClaim,
                roleType: null
            )
        );
        return Task.CompletedTask;
    }

    // Nothing that the issuer wrote is shown; the page says what a person can do.
    private static Task Fail(RemoteFailureContext context)
    {
        context
            .HttpContext.RequestServices.GetRequiredService<ILogger<SignInSchemes>>()
            .SignInFailed(context.Scheme.Name, context.Failure?.GetType().Name ?? "");
        context.Response.Redirect(SignInFailedPath);
        context.HandleResponse();
        return Task.CompletedTask;
    }

    /// <summary>Where a browser goes whose sign-in did not succeed.</summary>
    public const string SignInFailedPath = "/signin/failed";
}
