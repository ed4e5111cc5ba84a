using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace AspireGateway.SampleMcpServer.Protection;

/// <summary>
/// Decides by the message itself, before the SDK handles it, whether the token's scopes are enough: too little is an HTTP answer
/// (403), which tells a client what to ask for, and no result of a tool.
/// </summary>
internal sealed class ScopeCheck(RequestDelegate next, ProtectedResource resource)
{
    private const int LargestMessage = 256 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.User.Identity?.IsAuthenticated is not true)
        {
            // Paths and methods that no protected endpoint has.
            await context.ChallengeAsync();
            return;
        }

        string? tool = null;
        if (HttpMethods.IsPost(context.Request.Method))
        {
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = LargestMessage;
            context.Request.EnableBuffering(LargestMessage);
            try
            {
                tool = await CalledTool.ReadAsync(context.Request.Body, context.RequestAborted);
            }
            catch (JsonException)
            {
                await RefuseAsync(context, 400, "The body is no JSON-RPC message that can be read in one way only.");
                return;
            }
            catch (BadHttpRequestException unreadable)
            {
                await RefuseAsync(context, unreadable.StatusCode, $"A message has at most {LargestMessage} bytes.");
                return;
            }

            context.Request.Body.Position = 0;
        }

        var needed = resource.Scopes.Needed(tool);
        if (!context.User.HasScopes(needed))
        {
            await Challenges.InsufficientScopeAsync(context, needed, resource);
            return;
        }

        await next(context);
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason) =>
        Results.Problem(reason, statusCode: status).ExecuteAsync(context);
}
