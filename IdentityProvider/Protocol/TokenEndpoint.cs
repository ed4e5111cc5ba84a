using AspireGateway.IdentityProvider.Realms;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>A9 of the flow: OpenIddict has checked the code or refresh token, the client and PKCE before this runs.</summary>
internal static class TokenEndpoint
{
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static async Task<IResult> HandleAsync(HttpContext http, Realm realm)
    {
        var request =
            http.GetOpenIddictServerRequest()
            ?? throw new InvalidOperationException("No OpenID Connect request was found.");
        if (!request.IsAuthorizationCodeGrantType() && !request.IsRefreshTokenGrantType())
        {
            return Refusal.Of(Errors.UnsupportedGrantType, "Use authorization_code or refresh_token.");
        }

        var grant = await http.AuthenticateAsync(Scheme);
        return realm.FindUser(grant.Principal?.GetClaim(Claims.Subject)) is null
            ? Refusal.Of(Errors.InvalidGrant, "The user of this grant no longer exists.")
            : Results.SignIn(grant.Principal!, authenticationScheme: Scheme);
    }
}

/// <summary>An OAuth error that OpenIddict delivers: as a redirect with <c>iss</c> and <c>state</c>, or as JSON.</summary>
internal static class Refusal
{
    public static IResult Of(string error, string description) =>
        Results.Forbid(
            new AuthenticationProperties(
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
                    [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
                }
            ),
            [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]
        );
}
