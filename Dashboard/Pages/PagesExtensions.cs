using AspireGateway.Dashboard.Live;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Dashboard.Pages;

/// <summary>The pages: rendered on the server, complete without a script.</summary>
internal static class PagesExtensions
{
    /// <summary>So many of the newest log lines are part of the page.</summary>
    public const int LogLinesOnPage = 500;

    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton<Views>();
        services.AddSingleton<FragmentRenderer>();
        services.AddSingleton<LiveUpdates>();
        services.AddSingleton<TraceViews>();
        services.AddSingleton<LiveViews>();
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapGet(
            "/",
            static (Views views) => new RazorComponentResult<ResourcesPage>(new { System = views.System() })
        );
        app.MapGet(
            "/resources/{name}",
            static IResult (string name, Views views, IResourceFeed feed) =>
                views.Find(name) is { } view
                    ? new RazorComponentResult<ResourcePage>(
                        new { View = view, Lines = feed.GetLogs(view.Snapshot.Name, LogLinesOnPage) }
                    )
                    : NotFound()
        );
        app.MapTelemetryPages();
        app.MapMetricsPage();
        app.MapLiveUpdates();
        app.MapFallback(static () => NotFound());
    }

    private static RazorComponentResult<NotFoundPage> NotFound() =>
        new() { StatusCode = StatusCodes.Status404NotFound };
}
