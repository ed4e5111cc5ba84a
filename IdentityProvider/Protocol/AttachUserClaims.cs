using AspireGateway.IdentityProvider.Realms;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>The user information endpoint's answer: what the token's scopes allow, read anew from the realm.</summary>
internal sealed class AttachUserClaims(Realm realm) : IOpenIddictServerHandler<HandleUserInfoRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<HandleUserInfoRequestContext>()
            .UseSingletonHandler<AttachUserClaims>()
            .SetOrder(OpenIddictServerHandlers.UserInfo.AttachClaims.Descriptor.Order + 1)
            .Build();

    public ValueTask HandleAsync(HandleUserInfoRequestContext context)
    {
        var user = realm.FindUser(context.AccessTokenPrincipal.GetClaim(Claims.Subject));
        if (user is null)
        {
            context.Reject(Errors.InvalidToken, "The user of this token no longer exists.");
            return ValueTask.CompletedTask;
        }

        context.Subject = user.Subject;
        if (context.AccessTokenPrincipal.HasScope(Scopes.Profile))
        {
            context.PreferredUsername = user.Username;
            context.GivenName = user.GivenName;
            context.FamilyName = user.FamilyName;
            context.Claims[Claims.Name] = user.FullName;
        }

        if (context.AccessTokenPrincipal.HasScope(Scopes.Email))
        {
            context.Email = user.Email;
            context.EmailVerified = true;
        }

        return ValueTask.CompletedTask;
    }
}
