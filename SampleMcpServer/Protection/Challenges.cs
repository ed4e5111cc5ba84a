using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Net.Http.Headers;

namespace AspireGateway.SampleMcpServer.Protection;

/// <summary>What a caller is told who may not go on (RFC 6750 section 3, RFC 9728 section 5.1).</summary>
internal static class Challenges
{
    /// <summary>401: there is no token, or not one that counts here. Only a token that was there can be invalid.</summary>
    public static Task NotAuthenticatedAsync(JwtBearerChallengeContext challenge, ProtectedResource resource)
    {
        // Instead of the handler's own header, which knows neither the metadata nor the scope.
        challenge.HandleResponse();
        var presented = challenge.AuthenticateFailure is not null;
        Log.Refused(Logger(challenge.HttpContext), 401, challenge.AuthenticateFailure?.GetType().Name ?? "no token");
        return WriteAsync(
            challenge.HttpContext,
            StatusCodes.Status401Unauthorized,
            presented ? "invalid_token" : null,
            presented ? "The access token is not valid here." : "An access token is needed.",
            [resource.Scopes.Basic],
            resource
        );
    }

    /// <summary>403: the token is good for less than this.</summary>
    public static Task InsufficientScopeAsync(
        HttpContext context,
        IReadOnlyList<string> needed,
        ProtectedResource resource
    )
    {
        Log.Refused(Logger(context), 403, "insufficient scope");
        return WriteAsync(
            context,
            StatusCodes.Status403Forbidden,
            "insufficient_scope",
            $"This needs the scopes {string.Join(' ', needed)}.",
            needed,
            resource
        );
    }

    private static Task WriteAsync(
        HttpContext context,
        int status,
        string? error,
        string description,
        IReadOnlyList<string> scopes,
        ProtectedResource resource
    )
    {
        var said = error is null ? "" : $"error=\"{error}\", ";
        context.Response.StatusCode = status;
        context.Response.Headers[HeaderNames.WWWAuthenticate] =
            $"Bearer {said}scope=\"{string.Join(' ', scopes)}\", resource_metadata=\"{resource.MetadataUrl}\"";
        return context.Response.WriteAsJsonAsync(
            new JsonObject { ["error"] = error ?? "unauthorized", ["error_description"] = description },
            context.RequestAborted
        );
    }

    private static ILogger Logger(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("SampleMcpServer.Protection");
}
