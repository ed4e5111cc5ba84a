using AspireGateway.IdentityProvider.Realms;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>RFC 8707: a resource that is not this realm's is refused with <c>invalid_target</c> before anyone is asked to sign in.</summary>
internal sealed class RefuseUnknownResource(Realm realm) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<RefuseUnknownResource>()
            .SetOrder(OpenIddictServerHandlers.Authentication.ValidateResources.Descriptor.Order + 1)
            .Build();

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (context.Request.GetResources().Any(resource => !realm.IsResource(resource)))
        {
            context.Reject(Errors.InvalidTarget, "The resource is not one of this realm's protected resources.");
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>
/// A token request may name fewer resources and scopes than were granted, never others (RFC 8707 §2.2, RFC 6749 §6).
/// OpenIddict checks the scopes too, but calls it <c>invalid_grant</c>, which makes clients throw their grant away.
/// </summary>
internal sealed class RefuseMoreThanGranted : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateTokenRequestContext>()
            .UseSingletonHandler<RefuseMoreThanGranted>()
            .SetOrder(OpenIddictServerHandlers.Exchange.ValidateGrantedScopes.Descriptor.Order - 1)
            .Build();

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var grant = context.AuthorizationCodePrincipal ?? context.RefreshTokenPrincipal;
        if (context.Request.GetResources().Except(grant?.GetResources() ?? [], StringComparer.Ordinal).Any())
        {
            context.Reject(Errors.InvalidTarget, "The resource was not part of the authorization.");
        }
        else if (context.Request.GetScopes().Except(grant?.GetScopes() ?? [], StringComparer.Ordinal).Any())
        {
            context.Reject(Errors.InvalidScope, "The scope was not part of the authorization.");
        }

        return ValueTask.CompletedTask;
    }
}
