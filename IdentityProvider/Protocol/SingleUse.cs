using AspireGateway.IdentityProvider.Storage;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>
/// Takes the refresh token in one statement, before any new token exists. OpenIddict alone forgives requests that arrive
/// together; here the second one is a reuse like any other.
/// </summary>
internal sealed class RedeemRefreshTokenOnce(IdentityProviderDbContext database, GrantEnd grantEnd)
    : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ProcessSignInContext>()
            .UseScopedHandler<RedeemRefreshTokenOnce>()
            .SetOrder(OpenIddictServerHandlers.RedeemTokenEntry.Descriptor.Order - 1)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token || !context.Request.IsRefreshTokenGrantType())
        {
            return;
        }

        var id = context.Principal?.GetTokenId();
        var taken = await database
            .Set<OpenIddictEntityFrameworkCoreToken>()
            .Where(token => token.Id == id && token.Status == Statuses.Valid)
            .ExecuteUpdateAsync(
                static change => change.SetProperty(static token => token.Status, Statuses.Redeemed),
                context.CancellationToken
            );
        if (taken == 0)
        {
            await grantEnd.EndAsync(context.Principal?.GetAuthorizationId(), context.CancellationToken);
            context.Reject(Errors.InvalidGrant, "The refresh token has already been used. Sign in again.");
        }
    }
}

/// <summary>
/// A code or refresh token that comes back ends its grant. OpenIddict revokes the tokens that exist; ending the grant
/// itself also reaches the one that a request in flight is about to create.
/// </summary>
internal sealed class EndGrantOnReuse(IOpenIddictTokenManager tokens, GrantEnd grantEnd)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateTokenContext>()
            .UseScopedHandler<EndGrantOnReuse>()
            .SetOrder(OpenIddictServerHandlers.Protection.ValidateTokenEntry.Descriptor.Order - 1)
            .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (
            context is { TokenId: { } tokenId, AuthorizationId: { } grantId }
            && await tokens.FindByIdAsync(tokenId, context.CancellationToken) is { } token
            && await tokens.HasStatusAsync(token, Statuses.Redeemed, context.CancellationToken)
        )
        {
            await grantEnd.EndAsync(grantId, context.CancellationToken);
        }
    }
}

/// <summary>Revoking a refresh token ends the grant (RFC 7009 §2.1): nothing that came from it can be refreshed again.</summary>
internal sealed class EndGrantWithRefreshToken(GrantEnd grantEnd)
    : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<HandleRevocationRequestContext>()
            .UseScopedHandler<EndGrantWithRefreshToken>()
            .SetOrder(OpenIddictServerHandlers.Revocation.RevokeToken.Descriptor.Order + 1)
            .Build();

    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        if (context.GenericTokenPrincipal.GetTokenType() == TokenTypeIdentifiers.RefreshToken)
        {
            await grantEnd.EndAsync(context.GenericTokenPrincipal.GetAuthorizationId(), context.CancellationToken);
        }
    }
}

/// <summary>Ends one grant: what it is, and every token that came from it.</summary>
internal sealed class GrantEnd(IOpenIddictTokenManager tokens, IOpenIddictAuthorizationManager grants)
{
    public async Task EndAsync(string? grantId, CancellationToken cancellationToken)
    {
        if (grantId is null)
        {
            return;
        }

        if (await grants.FindByIdAsync(grantId, cancellationToken) is { } grant)
        {
            await grants.TryRevokeAsync(grant, cancellationToken);
        }

        await tokens.RevokeByAuthorizationIdAsync(grantId, cancellationToken);
    }
}
