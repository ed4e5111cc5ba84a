using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Inbound.SignIn;

/// <summary>Where issuers send a browser back to after a sign-in.</summary>
internal static class SignInEndpoints
{
    /// <summary>Maps one callback for each issuer; the OpenID Connect handler's other paths are not served.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var issuer in endpoints.ServiceProvider.GetRequiredService<BrowserSignIn>().Issuers)
        {
            var scheme = BrowserSignIn.SchemeOf(issuer);
            endpoints
                .MapGet(BrowserSignIn.CallbackPathOf(issuer), context => HandleAsync(context, scheme))
                .AllowAnonymous();
        }
    }

    private static async Task HandleAsync(HttpContext context, string scheme)
    {
        var handlers = context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        var handler = (IAuthenticationRequestHandler)(await handlers.GetHandlerAsync(context, scheme))!;
        if (!await handler.HandleRequestAsync())
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}

/// <summary>
/// Sign-in callbacks are endpoints here, so that no other request, above all no MCP call, pays for asking the handler of each issuer
/// whether it is one.
/// </summary>
internal sealed class SchemesWithoutRequestHandlers(IOptions<AuthenticationOptions> options)
    : AuthenticationSchemeProvider(options)
{
    public override Task<IEnumerable<AuthenticationScheme>> GetRequestHandlerSchemesAsync() =>
        Task.FromResult<IEnumerable<AuthenticationScheme>>([]);
}
