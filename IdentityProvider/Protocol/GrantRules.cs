using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>As Keycloak: there is always a refresh token; <c>offline_access</c> decides how long it lives.</summary>
internal sealed class RefreshWithoutOfflineAccess : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<RefreshWithoutOfflineAccess>()
            .SetOrder(OpenIddictServerHandlers.EvaluateGeneratedTokens.Descriptor.Order + 1)
            .Build();

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType == OpenIddictServerEndpointType.Token)
        {
            (context.GenerateRefreshToken, context.IncludeRefreshToken) = (true, true);
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>
/// A token request that names fewer scopes or resources gets an access token with just those; the refresh token keeps the
/// whole grant (RFC 6749 §6, RFC 8707 §2.2).
/// </summary>
internal sealed class NarrowAccessToken : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ProcessSignInContext>()
            .AddFilter<OpenIddictServerHandlerFilters.RequireAccessTokenGenerated>()
            .UseSingletonHandler<NarrowAccessToken>()
            .SetOrder(OpenIddictServerHandlers.PrepareAccessTokenPrincipal.Descriptor.Order + 1)
            .Build();

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType == OpenIddictServerEndpointType.Token && context.AccessTokenPrincipal is { } token)
        {
            var resources = context.Request.GetResources();
            if (resources.Length > 0)
            {
                token.SetAudiences(resources);
            }

            var scopes = context.Request.GetScopes();
            if (scopes.Length > 0)
            {
                var narrowed = token.GetScopes().Intersect(scopes, StringComparer.Ordinal).ToArray();
                token.SetScopes(narrowed);
                context.Parameters[Parameters.Scope] = string.Join(' ', narrowed);
            }
        }

        return ValueTask.CompletedTask;
    }
}
