using AspireGateway.Gateway.Inbound.SignIn;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>What the connections page says once about what was just done.</summary>
internal enum Notice
{
    Connected,
    DisconnectedAndRevoked,
    DisconnectedOnly,
    DisconnectedAfterEnd,
    WasNotConnected,
    AgentWithdrawn,
}

/// <summary>
/// Takes a notice from the answer to a form to the page behind it, so that loading that page again repeats nothing. It is in a
/// cookie and not in the URL: nobody can make the page say something with a link.
/// </summary>
internal sealed class Notices(BrowserCookies cookies, IOptions<GatewayOptions> gateway)
{
    /// <summary>Path of the page that shows it.</summary>
    public const string PagePath = "/connections";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private string CookieName => cookies.Name("notice");

    /// <summary>Sends the browser to the page, which shows the notice.</summary>
    public IResult Show(HttpContext context, Notice notice, TargetName target)
    {
        context.Response.Cookies.Append(CookieName, $"{notice}.{target}", cookies.Options(Lifetime));
        return ConnectResults.SeeOther(context, new Uri(gateway.Value.Absolute(PagePath)));
    }

    /// <summary>The notice that this browser has to be shown; null for none.</summary>
    public (Notice Notice, TargetName Target)? Take(HttpContext context)
    {
        if (context.Request.Cookies[CookieName] is not { } value)
        {
            return null;
        }

        context.Response.Cookies.Delete(CookieName, cookies.Options(lifetime: null));
        var parts = value.Split('.');
        return
            parts.Length == 2
            && Enum.TryParse<Notice>(parts[0], out var notice)
            && Enum.IsDefined(notice)
            && TargetName.TryParse(parts[1], out var target)
            ? (notice, target)
            : null;
    }
}
