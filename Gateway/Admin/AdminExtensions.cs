using AspireGateway.Gateway.Admin.Catalogue;
using AspireGateway.Gateway.Admin.Definitions;
using AspireGateway.Gateway.Inbound;

namespace AspireGateway.Gateway.Admin;

internal static class AdminExtensions
{
    /// <summary>Path of the admin API.</summary>
    public const string Path = "/admin";

    /// <summary>Scope that it needs, of a token with the same audience as for <c>/mcp</c>.</summary>
    public const string Scope = "mcp:admin";

    /// <summary>Adds what administrators define and start while the gateway runs.</summary>
    public static void AddAdmin(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<DefinitionChecks>();
        services.AddSingleton<DefinitionStore>();
        services.AddHostedService<DefinitionLoader>();
        services.AddHealthChecks().AddCheck<DefinitionHealthCheck>("targets");
        services.AddSingleton<TargetViews>();
        services.AddSingleton<TargetGrants>();
        services.AddSingleton<DefinitionReader>();
        services.AddSingleton<TargetChanges>();
        services.AddSingleton<TargetEndpoints>();

        services.AddSingleton<CatalogueGrantStore>();
        services.AddSingleton<CatalogueGrants>();
        services.AddHostedService<CatalogueKeeper>();
        services.AddSingleton<CatalogueEndpoints>();
        services.AddSingleton<RegistrationEndpoints>();
        services.AddSingleton<UserEndpoints>();
    }

    /// <summary>Maps the admin API.</summary>
    public static void MapAdmin(this IEndpointRouteBuilder endpoints)
    {
        var admin = endpoints.MapGroup(Path).RequireScopes(Scope).AddEndpointFilter<RouteGroupBuilder, AdminRecorder>();
        TargetEndpoints.Map(admin);
        CatalogueEndpoints.Map(admin);
        RegistrationEndpoints.Map(admin);
        UserEndpoints.Map(admin);
        VaultEndpoints.Map(admin);
    }
}
