using AspireGateway.AppHost.Keycloak;

namespace AspireGateway.AppHost;

internal static class IdentityProviderExtensions
{
    /// <summary>
    /// Adds whatever can play the two realms here; see <see cref="IdentityProviderChoice"/>. Users, clients, scopes and issuers'
    /// paths are the same, so nothing else of the model depends on the choice.
    /// </summary>
    public static IdentityRealms AddIdentityProvider(this IDistributedApplicationBuilder builder)
    {
        // No secret: printed in the documentation, valid in Development on this machine only.
        var demoPassword = builder.AddParameter(
            "demo-password",
            builder.Configuration["Parameters:demo-password"] ?? "demo"
        );
        var gatewaySecret = builder.AddParameter(
            "gateway-client-secret",
            new GenerateParameterDefault { MinLength = 32, Special = false },
            secret: true,
            persist: true
        );
        var choice = IdentityProviderChoice.Make(builder.Configuration, CircumstancesOf(builder));
        Console.WriteLine(choice.Explanation);
        var realms = new RealmFiles(Path.Combine(builder.AppHostDirectory, "realms"));
        return choice.Kind switch
        {
            IdentityProviderKind.KeycloakInstallation => builder.AddKeycloak(
                choice.Installation!,
                realms,
                demoPassword,
                gatewaySecret
            ),
#if ASPIRE
            IdentityProviderKind.KeycloakContainer => builder.AddKeycloak(realms, demoPassword, gatewaySecret),
#endif
            IdentityProviderKind.External => builder.AddExternalIdentityProvider(demoPassword, gatewaySecret),
            _ => builder.AddEmbeddedIdentityProvider(demoPassword, gatewaySecret),
        };
    }

    private static Circumstances CircumstancesOf(IDistributedApplicationBuilder builder) =>
        new(
#if ASPIRE
            HasContainers: true,
#else
            HasContainers: false,
#endif
            builder.ExecutionContext.IsPublishMode, ContainerRuntime.Find);
}
