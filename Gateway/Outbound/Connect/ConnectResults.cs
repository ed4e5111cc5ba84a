using AspireGateway.Gateway.Outbound.Connect.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Gateway.Outbound.Connect;

/// <summary>How a consent ends for the browser.</summary>
internal static class ConnectResults
{
    /// <summary>Sends the browser on after a form.</summary>
    public static IResult SeeOther(HttpContext context, Uri url)
    {
        ConnectPage.SetHeaders(context);
        context.Response.Headers.Location = url.AbsoluteUri;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>The page that says that all is done, or the page that the client named.</summary>
    public static IResult Done(HttpContext context, ConsentRequest consent)
    {
        if (consent.ReturnUrl is { } url)
        {
            return SeeOther(context, new Uri(url));
        }

        ConnectPage.SetHeaders(context);
        return new RazorComponentResult<MessagePage>(
            new
            {
                Title = $"{consent.Target} is connected",
                Text = "You can close this page and return to your agent. It goes on by itself, or repeats what you asked for.",
            }
        );
    }
}
