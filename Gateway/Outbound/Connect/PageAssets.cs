using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>Style and icon of the pages, from the assembly: pages carry nothing inline.</summary>
internal static class PageAssets
{
    public const string StylePath = "/connect/site.css";
    public const string IconPath = "/connect/icon.svg";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(
            StylePath,
            static (HttpContext context) => Asset(context, "site.css", "text/css; charset=utf-8")
        );
        endpoints.MapGet(IconPath, static (HttpContext context) => Asset(context, "icon.svg", "image/svg+xml"));
    }

    private static FileStreamHttpResult Asset(HttpContext context, string name, string contentType)
    {
        context.Response.Headers.CacheControl = "public, max-age=3600";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(typeof(PageAssets).Assembly.GetManifestResourceStream(name)!, contentType);
    }
}
