using System.Security.Claims;
using AspireGateway.IdentityProvider.Realms;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>What a client gets for a user: scopes, resources, and the claims of each token.</summary>
internal static class Grants
{
    private const string TypeClaim = "typ";

    /// <summary>What tokens and the user information may say about a person.</summary>
    public static string[] UserClaims { get; } =
    [Claims.PreferredUsername, Claims.Name, Claims.GivenName, Claims.FamilyName, Claims.Email, Claims.EmailVerified];

    public static ClaimsPrincipal Create(
        Realm realm,
        RealmUser user,
        OpenIddictRequest request,
        DateTimeOffset signedInAt
    )
    {
        var identity = new ClaimsIdentity("AspireGateway", Claims.PreferredUsername, Claims.Role);
        AddUserClaims(identity, user);
        identity.AddClaim(
            new Claim(Claims.AuthenticationTime, $"{signedInAt.ToUnixTimeSeconds()}", ClaimValueTypes.Integer64)
        );
        // As Keycloak: what a token is for stands in the payload too, and the client in `azp`.
        identity.SetClaim(TypeClaim, "Bearer");
        identity.SetClaim(Claims.AuthorizedParty, request.ClientId);

        var scopes = realm.Grantable(user, request.GetScopes()).ToList();
        identity.SetScopes(scopes.Select(static scope => scope.Name));
        identity.SetResources(ResourcesOf(request, scopes));

        var principal = new ClaimsPrincipal(identity);
        principal.SetRefreshTokenLifetime(
            principal.HasScope(Scopes.OfflineAccess)
                ? AuthorizationServerExtensions.OfflineLifetime
                : AuthorizationServerExtensions.OnlineLifetime
        );
        identity.SetDestinations(DestinationsOf);
        return principal;
    }

    /// <summary>Exactly what the client named; where it named nothing, what its scopes stand for.</summary>
    public static IReadOnlyList<string> ResourcesOf(OpenIddictRequest request, IEnumerable<RealmScope> scopes)
    {
        var requested = request.GetResources();
        return requested.Length > 0
            ? requested
            : [.. scopes.Select(static scope => scope.Resource).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static void AddUserClaims(ClaimsIdentity identity, RealmUser user)
    {
        identity
            .SetClaim(Claims.Subject, user.Subject)
            .SetClaim(Claims.PreferredUsername, user.Username)
            .SetClaim(Claims.Name, user.FullName)
            .SetClaim(Claims.GivenName, user.GivenName)
            .SetClaim(Claims.FamilyName, user.FamilyName)
            .SetClaim(Claims.Email, user.Email)
            .SetClaim(Claims.EmailVerified, true);
    }

    private static IEnumerable<string> DestinationsOf(Claim claim)
    {
        var identity = claim.Subject!;
        return claim.Type switch
        {
            Claims.Subject => [Destinations.AccessToken, Destinations.IdentityToken],
            Claims.PreferredUsername => [Destinations.AccessToken, .. IdentityTokenIf(identity, Scopes.Profile)],
            Claims.Name or Claims.GivenName or Claims.FamilyName => IdentityTokenIf(identity, Scopes.Profile),
            Claims.Email or Claims.EmailVerified => IdentityTokenIf(identity, Scopes.Email),
            Claims.AuthenticationTime => [Destinations.IdentityToken],
            TypeClaim or Claims.AuthorizedParty => [Destinations.AccessToken],
            _ => [],
        };
    }

    private static string[] IdentityTokenIf(ClaimsIdentity identity, string scope) =>
        identity.HasScope(scope) ? [Destinations.IdentityToken] : [];
}
