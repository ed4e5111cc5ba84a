using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>
/// A sign-out that shows an ID token but no client id is the token's client. OpenIddict would look for the client by its
/// redirect URI, which does not find patterns.
/// </summary>
internal sealed class KnowClientByHint : IOpenIddictServerHandler<ValidateEndSessionRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateEndSessionRequestContext>()
            .UseSingletonHandler<KnowClientByHint>()
            .SetOrder(OpenIddictServerHandlers.Session.ValidateClientPostLogoutRedirectUri.Descriptor.Order - 1)
            .Build();

    public ValueTask HandleAsync(ValidateEndSessionRequestContext context)
    {
        if (
            string.IsNullOrEmpty(context.Request.ClientId)
            && context.IdentityTokenHintPrincipal?.GetPresenters() is [var client]
        )
        {
            context.Request.ClientId = client;
        }

        return ValueTask.CompletedTask;
    }
}
