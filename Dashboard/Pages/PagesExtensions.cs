using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Dashboard.Pages;

/// <summary>The pages: rendered on the server, complete without a script.</summary>
internal static class PagesExtensions
{
    public static void AddPages(this IServiceCollection services) => services.AddRazorComponents();

    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/", static (IResourceFeed feed) => new RazorComponentResult<ResourcesPage>(new { feed.Resources }));
        app.MapFallback(static () =>
            new RazorComponentResult<NotFoundPage> { StatusCode = StatusCodes.Status404NotFound }
        );
    }
}
