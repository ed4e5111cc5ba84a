using System.Net.Mime;
using System.Reflection;
using AspireGateway.IdentityProvider.Realms;

namespace AspireGateway.IdentityProvider.Pages;

/// <summary>The frame of every page: no script, nothing from elsewhere, never cached, never framed.</summary>
internal sealed class Page(Realm realm, string title, Html body) : IResult
{
    private static readonly string Style = ReadStyle();

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>
    /// Where a form's answer may redirect to besides this server. Browsers apply <c>form-action</c> to the redirects after
    /// a form as well, so the client's callback must be in it.
    /// </summary>
    public Uri? RedirectsTo { get; init; }

    public static IResult StyleSheet() => Results.Text(Style, "text/css");

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = MediaTypeNames.Text.Html + "; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
            + Callback();
        response.Headers.XFrameOptions = "DENY";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        await response.WriteAsync(Render().ToString(), httpContext.RequestAborted);
    }

    private string Callback() =>
        RedirectsTo switch
        {
            null => "",
            // A policy cannot name an IPv6 address.
            { HostNameType: UriHostNameType.IPv6 } => $" {RedirectsTo.Scheme}:",
            _ => $" {RedirectsTo.GetLeftPart(UriPartial.Authority)}",
        };

    private Html Render() =>
        Html.Of(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="robots" content="noindex">
              <title>{title} · {realm.DisplayName}</title>
              <link rel="stylesheet" href="{realm.Paths.Style}">
            </head>
            <body class="{realm.Name}">
              <main>
                <p class="realm"><span class="mark" aria-hidden="true"></span>{realm.DisplayName}</p>
                <h1>{title}</h1>
            {body}
              </main>
              <footer>Embedded identity provider for development. Accounts: {string.Join(
                ", ",
                realm.Users.Select(static user => user.Username)
            )}. Their password is public.</footer>
            </body>
            </html>

            """
        );

    private static string ReadStyle()
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream("site.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
