using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>
/// A refused authorization request goes back to the client with <c>error</c>, <c>state</c> and <c>iss</c>
/// (RFC 6749 §4.1.2.1, RFC 9207) where client and redirect URI are right. OpenIddict alone shows every such error to the
/// person, who can do nothing about it, while the client waits for ever.
/// </summary>
internal sealed class RedirectErrors(IOpenIddictApplicationManager applications)
    : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseScopedHandler<RedirectErrors>()
            .SetOrder(OpenIddictServerHandlers.Authentication.AttachRedirectUri.Descriptor.Order + 1)
            .Build();

    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (
            context
                is not { Error: not null, RedirectUri: null, Request: { ClientId: { Length: > 0 } clientId } request }
            || request.RedirectUri is not { Length: > 0 } redirectUri
        )
        {
            return;
        }

        if (
            await applications.FindByClientIdAsync(clientId, context.CancellationToken) is { } client
            && await applications.ValidateRedirectUriAsync(client, redirectUri, context.CancellationToken)
        )
        {
            context.RedirectUri = redirectUri;
        }
    }
}
