using AspireGateway.Gateway.Targets.Catalogue;
using AspireGateway.Gateway.Targets.Naming;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Targets.Upstream.Listening;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Targets;

internal static class TargetsExtensions
{
    /// <summary>Adds what is behind the gateway: targets, connections to them and the catalogue of their tools.</summary>
    public static void AddTargets(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<TargetsOptions>, TargetsOptionsValidator>();
        services.AddOptions<TargetsOptions>().BindConfiguration(TargetsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NamingOptions>, NamingOptions.Validator>();
        services.AddOptions<NamingOptions>().BindConfiguration(NamingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CatalogueOptions>, CatalogueOptions.Validator>();
        services.AddOptions<CatalogueOptions>().BindConfiguration(CatalogueOptions.Section).ValidateOnStart();
        services.AddSingleton<TargetRegistry>();
        services.AddSingleton<AggregateNames>();
        services.AddSingleton<TargetStates>();
        services.AddSingleton<TrustedHosts>();
        services.AddSingleton<AddressGuard>();
        services.AddSingleton<UpstreamHttp>();
        services.AddSingleton<TargetNotifications>();
        services.AddSingleton<TargetEras>();
        services.AddSingleton<TargetListeners>();
        services.AddHostedService(static provider => provider.GetRequiredService<TargetListeners>());
        services.AddSingleton<UpstreamConnections>();
        services.AddHostedService(static provider => provider.GetRequiredService<UpstreamConnections>());
        services.AddSingleton<PersonalCatalogue>();
        services.AddSingleton<CatalogueReader>();
        services.AddSingleton<CatalogueChanges>();
        services.AddSingleton<TargetCatalogue>();
        services.AddSingleton<Aliases>();
        services.AddSingleton<CatalogueSynchronizer>();
        services.AddHealthChecks().AddCheck<CatalogueHealthCheck>("catalogue");
        services.AddHostedService(static provider => provider.GetRequiredService<CatalogueSynchronizer>());
        services.AddHostedService<ListChangeListener>();
    }
}
