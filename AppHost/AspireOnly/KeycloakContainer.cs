using AspireGateway.AppHost.Keycloak;

namespace AspireGateway.AppHost.AspireOnly;

internal static class KeycloakContainer
{
    /// <summary>Adds one Keycloak for both realms in a container, here or, when publishing, wherever the system will run.</summary>
    public static IdentityRealms AddKeycloak(
        this IDistributedApplicationBuilder builder,
        RealmFiles realms,
        IResourceBuilder<ParameterResource> demoPassword,
        IResourceBuilder<ParameterResource> gatewaySecret
    )
    {
        realms.ThrowIfBroken();
        var placeholders = new RealmPlaceholders();
        var server = builder
            .AddKeycloak("keycloak", KeycloakExecutable.Port)
            .WithRealmImport(realms.Folder)
            .WithEnabledFeatures(KeycloakExecutable.Features.Split(','))
            .WithFailureHint(lines => KeycloakFailures.Explain(lines, realms.Folder));

        // In a container every request comes from the bridge, also those of this machine.
        placeholders["REGISTRATION_SENDER_MUST_BE_LOOPBACK"] = "false";
        var identity = placeholders.ToRealms(server, demoPassword, gatewaySecret);
        server.WithEnvironment(context =>
        {
            placeholders.AddTo(context);
            if (context.ExecutionContext.IsRunMode)
            {
                // http, or https where the engine gives Keycloak the developer certificate.
                context.EnvironmentVariables["KC_HOSTNAME"] = server.GetEndpoint("http").Url;
            }
        });
        return identity;
    }
}
