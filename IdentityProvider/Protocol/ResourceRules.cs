using AspireGateway.IdentityProvider.Realms;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>RFC 8707: a resource that is not this realm's is refused with <c>invalid_target</c> before anyone is asked to sign in.</summary>
internal sealed class RefuseUnknownResourceAtAuthorization(Realm realm)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<RefuseUnknownResourceAtAuthorization>()
            .SetOrder(OpenIddictServerHandlers.Authentication.ValidateResources.Descriptor.Order + 1)
            .Build();

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (context.Request.GetResources().Any(resource => !realm.IsResource(resource)))
        {
            context.Reject(Errors.InvalidTarget, ResourceErrors.Unknown);
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>The token request may name fewer resources than were granted, never others (RFC 8707 §2.2).</summary>
internal sealed class RefuseUnknownResourceAtToken : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateTokenRequestContext>()
            .UseSingletonHandler<RefuseUnknownResourceAtToken>()
            .SetOrder(OpenIddictServerHandlers.Exchange.ValidateGrantedScopes.Descriptor.Order + 1)
            .Build();

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var granted = (context.AuthorizationCodePrincipal ?? context.RefreshTokenPrincipal)?.GetResources() ?? [];
        if (context.Request.GetResources().Any(resource => !granted.Contains(resource, StringComparer.Ordinal)))
        {
            context.Reject(Errors.InvalidTarget, ResourceErrors.NotGranted);
        }

        return ValueTask.CompletedTask;
    }
}

internal static class ResourceErrors
{
    public const string Unknown = "The resource is not one of this realm's protected resources.";

    public const string NotGranted = "The resource was not part of the authorization.";
}
