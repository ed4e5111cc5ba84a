using System.Security.Claims;
using AspireGateway.IdentityProvider.Realms;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AspireGateway.IdentityProvider.Pages;

/// <summary>Who sits in front of the browser.</summary>
internal sealed class Session(Realm realm, IAntiforgery antiforgery, TimeProvider time)
{
    public const string Scheme = "session";

    public const string AntiforgeryFieldName = "page_token";

    /// <summary>Cookies ignore ports, and both realms live on one host: names and paths carry the realm.</summary>
    public static string CookieName(string realm, string purpose) => $"aspire-gateway.{realm}.{purpose}";

    public async Task<SignedIn?> FindAsync(HttpContext http)
    {
        var result = await http.AuthenticateAsync(Scheme);
        if (realm.FindUser(result.Principal?.FindFirstValue(Claims.Subject)) is not { } user)
        {
            return null;
        }

        // Antiforgery binds its token to the user: a consent page of alice cannot be posted after bob has signed in.
        http.User = result.Principal!;
        return new SignedIn(user, result.Properties?.IssuedUtc ?? time.GetUtcNow());
    }

    public static Task StartAsync(HttpContext http, RealmUser user)
    {
        var identity = new ClaimsIdentity(Scheme, Claims.PreferredUsername, Claims.Role);
        identity.AddClaim(new Claim(Claims.Subject, user.Subject));
        return http.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    public static Task EndAsync(HttpContext http) => http.SignOutAsync(Scheme);

    /// <summary>The login page belongs to nobody yet, also where it is shown to somebody who must sign in again.</summary>
    public static void ForgetUser(HttpContext http) => http.User = new ClaimsPrincipal(new ClaimsIdentity());

    public Html AntiforgeryField(HttpContext http)
    {
        var tokens = antiforgery.GetAndStoreTokens(http);
        return Html.Of($"""<input type="hidden" name="{tokens.FormFieldName}" value="{tokens.RequestToken}">""");
    }

    public Task<bool> IsGenuineAsync(HttpContext http) => antiforgery.IsRequestValidAsync(http);
}

internal sealed record SignedIn(RealmUser User, DateTimeOffset At);
