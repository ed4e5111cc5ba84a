using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Outbound.Connect;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AspireGateway.Gateway.Outbound.SelfService;

/// <summary>What people do with their own connections.</summary>
internal static class SelfServiceExtensions
{
    public static void AddSelfService(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, BrowserOrProgram>());
        services.AddSingleton<ConnectionOverview>();
        services.AddSingleton<ConnectionChanges>();
        services.AddSingleton<ConnectionsApi>();
        services.AddSingleton<ConnectionsPageEndpoints>();
        services.AddSingleton<SessionEndpoints>();
    }

    /// <summary>Maps the API for programs, which needs an access token like the MCP endpoints.</summary>
    public static void MapConnectionsApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup(Notices.PagePath).RequireAuthorization(InboundExtensions.McpPolicy);
        api.MapGet(
                "",
                static (HttpContext context, ConnectionsApi connections, CancellationToken cancel) =>
                    connections.ListAsync(context, cancel)
            )
            .WithMetadata(AudienceMetadata.Programs);
        // Not "target": a token for one target's endpoint is good on routes that name it so, and this is none.
        api.MapDelete(
            "/{name}",
            static (string name, HttpContext context, ConnectionsApi connections, CancellationToken cancel) =>
                connections.DisconnectAsync(name, context, cancel)
        );
    }

    /// <summary>Maps the pages, which check the browser's session and the form's token themselves.</summary>
    public static void MapConnectionsPage(this IEndpointRouteBuilder pages)
    {
        pages
            .MapGet(
                Notices.PagePath,
                static (HttpContext context, ConnectionsPageEndpoints page, CancellationToken cancel) =>
                    page.ShowAsync(context, cancel)
            )
            .WithMetadata(AudienceMetadata.Browsers);
        pages.MapPost(
            Notices.PagePath + "/{name}/connect",
            static (string name, HttpContext context, ConnectionsPageEndpoints page, CancellationToken cancel) =>
                page.ConnectAsync(context, name, again: false, cancel)
        );
        pages.MapPost(
            Notices.PagePath + "/{name}/reconnect",
            static (string name, HttpContext context, ConnectionsPageEndpoints page, CancellationToken cancel) =>
                page.ConnectAsync(context, name, again: true, cancel)
        );
        pages.MapPost(
            Notices.PagePath + "/{name}/disconnect",
            static (string name, HttpContext context, ConnectionsPageEndpoints page, CancellationToken cancel) =>
                page.DisconnectAsync(context, name, cancel)
        );
        pages.MapPost(
            Notices.PagePath + "/{name}/withdraw",
            static (string name, HttpContext context, ConnectionsPageEndpoints page, CancellationToken cancel) =>
                page.WithdrawAsync(context, name, cancel)
        );
        SessionEndpoints.Map(pages);
    }
}
