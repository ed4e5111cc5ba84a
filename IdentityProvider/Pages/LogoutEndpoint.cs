using AspireGateway.IdentityProvider.Realms;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AspireGateway.IdentityProvider.Pages;

/// <summary>Ends the browser's session: at once for a client that shows the person's ID token, else after asking.</summary>
internal static class LogoutEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext http, Realm realm, Session session)
    {
        var signedIn = await session.FindAsync(http);
        var hint = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        var shown = signedIn is not null && hint?.GetClaim(Claims.Subject) == signedIn.User.Subject;
        var asked =
            HttpMethods.IsPost(http.Request.Method)
            && http.Request.HasFormContentType
            && http.Request.Form.ContainsKey(ConsentPage.AcceptField)
            && await session.IsGenuineAsync(http);
        if (signedIn is not null && !shown && !asked)
        {
            return MessagePage.AskSignOut(realm, session.AntiforgeryField(http));
        }

        await Session.EndAsync(http);
        return hint is null
            ? MessagePage.SignedOut(realm)
            : Results.SignOut(
                new AuthenticationProperties { RedirectUri = "/" },
                [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]
            );
    }
}
