using AspireGateway.IdentityProvider.Realms;
using AspireGateway.IdentityProvider.Storage;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AspireGateway.IdentityProvider.Protocol;

internal static class AuthorizationServerExtensions
{
    /// <summary>Refresh tokens of people who asked to stay connected while away, and of those who did not.</summary>
    public static readonly TimeSpan OfflineLifetime = TimeSpan.FromDays(30);

    public static readonly TimeSpan OnlineLifetime = TimeSpan.FromMinutes(30);

    public static void AddAuthorizationServer(
        this IServiceCollection services,
        IdentityProviderOptions options,
        Realm realm,
        RealmKeys keys
    )
    {
        services.AddScoped<GrantEnd>();
        services
            .AddOpenIddict()
            .AddCore(core =>
            {
                core.UseEntityFrameworkCore().UseDbContext<IdentityProviderDbContext>();
                core.ReplaceApplicationManager<OpenIddictEntityFrameworkCoreApplication, RealmApplicationManager>();
            })
            .AddServer(server =>
            {
                server.SetIssuer(realm.Issuer);
                server.MapEndpoints(realm.Paths);
                server.LimitFlows(options);
                server.AddSigningKey(keys.Signing);
                server.AddEncryptionKey(keys.Sealing);
                server.DisableAccessTokenEncryption();
                server.RegisterScopes([.. realm.Scopes.Select(static scope => scope.Name)]);
                server.RegisterClaims(Grants.UserClaims);
                server.AddRules();
                server
                    .UseAspNetCore()
                    .EnableAuthorizationEndpointPassthrough()
                    .EnableTokenEndpointPassthrough()
                    .EnableEndSessionEndpointPassthrough()
                    .EnableErrorPassthrough()
                    // http on loopback is what this server is for; the options validator refuses every other place.
                    .DisableTransportSecurityRequirement();
            });
    }

    private static void MapEndpoints(this OpenIddictServerBuilder server, RealmPaths paths) =>
        server
            .SetConfigurationEndpointUris([.. paths.Metadata])
            .SetJsonWebKeySetEndpointUris(paths.Keys)
            .SetAuthorizationEndpointUris(paths.Authorize)
            .SetTokenEndpointUris(paths.Token)
            .SetRevocationEndpointUris(paths.Revoke)
            .SetUserInfoEndpointUris(paths.UserInfo)
            .SetEndSessionEndpointUris(paths.Logout);

    private static void LimitFlows(this OpenIddictServerBuilder server, IdentityProviderOptions options)
    {
        server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().RequireProofKeyForCodeExchange();
        server.Configure(static server =>
        {
            server.CodeChallengeMethods.Clear();
            server.CodeChallengeMethods.Add(CodeChallengeMethods.Sha256);
            // Nobody can register a key here.
            server.ClientAuthenticationMethods.Remove(ClientAuthenticationMethods.PrivateKeyJwt);
        });
        server.SetAccessTokenLifetime(options.AccessTokenLifetime);
        server.SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(1));
        server.SetRefreshTokenLifetime(OfflineLifetime);
        // A used refresh token that comes back is a copy in someone's hands: no leeway, the whole grant ends.
        server.SetRefreshTokenReuseLeeway(null);
        // Short, and their content stays here.
        server.UseReferenceRefreshTokens();
    }

    /// <summary>Where this realm wants something else than OpenIddict does by itself.</summary>
    private static void AddRules(this OpenIddictServerBuilder server)
    {
        // Resources are a rule (everything below the gateway's URL), not a list; permissions per client have no use here.
        server.DisableResourceValidation().IgnoreResourcePermissions();
        server.IgnoreScopePermissions().IgnoreAudiencePermissions();

        server.AddEventHandler(ReadMetadataDocument.Descriptor);
        server.AddEventHandler(RefuseUnknownResource.Descriptor);
        server.AddEventHandler(RefuseMoreThanGranted.Descriptor);
        server.AddEventHandler(RedirectErrors.Descriptor);
        server.AddEventHandler(RefreshWithoutOfflineAccess.Descriptor);
        server.AddEventHandler(NarrowAccessToken.Descriptor);
        server.AddEventHandler(RedeemRefreshTokenOnce.Descriptor);
        server.AddEventHandler(EndGrantOnReuse.Descriptor);
        server.AddEventHandler(EndGrantWithRefreshToken.Descriptor);
        server.AddEventHandler(KnowClientByHint.Descriptor);
        server.AddEventHandler(DescribeServer.Descriptor);
        server.AddEventHandler(AttachUserClaims.Descriptor);
    }
}
