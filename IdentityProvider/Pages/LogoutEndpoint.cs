using AspireGateway.IdentityProvider.Realms;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AspireGateway.IdentityProvider.Pages;

/// <summary>Ends the browser's session: at once for a client that shows the person's ID token, else after asking.</summary>
internal static class LogoutEndpoint
{
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static async Task<IResult> HandleAsync(HttpContext http, Realm realm, Session session)
    {
        if (http.GetOpenIddictServerResponse() is { Error: { } error } refused)
        {
            return MessagePage.Error(realm, error, refused.ErrorDescription);
        }

        if (
            await session.FindAsync(http) is { } signedIn
            && !await ShowsIdTokenAsync(http, signedIn.User)
            && !await HasAgreedAsync(http, session)
        )
        {
            var returnTo = http.GetOpenIddictServerRequest()?.PostLogoutRedirectUri;
            return MessagePage.AskSignOut(
                realm,
                session.AntiforgeryField(http),
                HiddenFields(http),
                returnTo is null ? null : new Uri(returnTo)
            );
        }

        await Session.EndAsync(http);
        // OpenIddict has compared the URI with the client's own ones.
        return http.GetOpenIddictServerRequest()?.PostLogoutRedirectUri is null
            ? MessagePage.SignedOut(realm)
            : Results.SignOut(authenticationSchemes: [Scheme]);
    }

    private static async Task<bool> ShowsIdTokenAsync(HttpContext http, RealmUser user)
    {
        var hint = await http.AuthenticateAsync(Scheme);
        return hint.Principal?.GetClaim(Claims.Subject) == user.Subject;
    }

    private static async Task<bool> HasAgreedAsync(HttpContext http, Session session) =>
        http.Request.HasFormContentType
        && http.Request.Form.ContainsKey(ConsentPage.AcceptField)
        && await session.IsGenuineAsync(http);

    private static IEnumerable<Html> HiddenFields(HttpContext http)
    {
        var request = http.GetOpenIddictServerRequest();
        (string Name, string? Value)[] parameters =
        [
            (Parameters.ClientId, request?.ClientId),
            (Parameters.PostLogoutRedirectUri, request?.PostLogoutRedirectUri),
            (Parameters.State, request?.State),
        ];
        return parameters
            .Where(static parameter => parameter.Value is not null)
            .Select(static parameter =>
                Html.Of($"""<input type="hidden" name="{parameter.Name}" value="{parameter.Value}">""")
            );
    }
}
