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
}
