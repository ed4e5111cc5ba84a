using System.Net;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Upstream;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>
/// Builds the upstream request from an allow-list, so that no credential, cookie or identity header of the client reaches a
/// target, and lets back only what a client needs.
/// </summary>
internal sealed class TargetTransformer(Target target, SessionIds sessions, ClientSessions personalSessions)
    : HttpTransformer
{
    private const string ParameterHeaderPrefix = "Mcp-Param-";

    private static readonly string[] RequestHeaders =
    [
        HeaderNames.Accept,
        HeaderNames.AcceptLanguage,
        HeaderNames.ContentType,
        HeaderNames.UserAgent,
        "MCP-Protocol-Version",
        "Mcp-Method",
        "Mcp-Name",
        "Last-Event-ID",
    ];

    private static readonly string[] ResponseHeaders =
    [
        HeaderNames.ContentType,
        HeaderNames.CacheControl,
        HeaderNames.Allow,
        HeaderNames.RetryAfter,
        "MCP-Protocol-Version",
    ];

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext,
        HttpRequestMessage proxyRequest,
        string destinationPrefix,
        CancellationToken cancellationToken
    )
    {
        proxyRequest.RequestUri = target.Url;
        foreach (var name in RequestHeaders)
        {
            Copy(httpContext.Request.Headers, name, proxyRequest);
        }

        foreach (var (name, _) in httpContext.Request.Headers)
        {
            if (
                name.StartsWith(ParameterHeaderPrefix, StringComparison.OrdinalIgnoreCase)
                && !name.Contains('_', StringComparison.Ordinal)
            )
            {
                Copy(httpContext.Request.Headers, name, proxyRequest);
            }
        }

        if (httpContext.Features.Get<UpstreamSession>() is { Id: { } session })
        {
            proxyRequest.Headers.TryAddWithoutValidation(ClientSessions.Header, session);
        }

        // Last, so that nothing which a client sent can stand in its place.
        if (httpContext.Features.Get<PersonalRequest>()?.Credential is { } credential)
        {
            proxyRequest.Headers.Remove(credential.Header);
            proxyRequest.Headers.TryAddWithoutValidation(credential.Header, credential.Value.Reveal());
        }

        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext,
        HttpResponseMessage? proxyResponse,
        CancellationToken cancellationToken
    )
    {
        if (proxyResponse is null)
        {
            return false;
        }

        var personal = httpContext.Features.Get<PersonalRequest>();
        if (personal is not null && (int)proxyResponse.StatusCode is 401 or 403)
        {
            personal.Refusal = UpstreamRefusals.Of(proxyResponse);
            return false;
        }

        // A redirect, a crash, or a demand for a credential that this target was not given: TargetForwarder answers.
        if (!IsMcpAnswer(proxyResponse.StatusCode))
        {
            throw new HttpRequestException($"it answered with HTTP status {(int)proxyResponse.StatusCode}");
        }

        httpContext.Response.StatusCode = (int)proxyResponse.StatusCode;
        foreach (var name in ResponseHeaders)
        {
            if (
                proxyResponse.Headers.TryGetValues(name, out var values)
                || proxyResponse.Content.Headers.TryGetValues(name, out values)
            )
            {
                httpContext.Response.Headers[name] = values.ToArray();
            }
        }

        if (proxyResponse.Content.Headers.ContentLength is { } length)
        {
            httpContext.Response.ContentLength = length;
        }

        await TakeSessionAsync(httpContext, proxyResponse, personal is not null);
        return true;
    }

    private async ValueTask TakeSessionAsync(HttpContext context, HttpResponseMessage response, bool isPersonal)
    {
        var id =
            response.Headers.TryGetValues(ClientSessions.Header, out var ids) && ids.ToList() is [var only]
                ? only
                : null;
        if (!isPersonal)
        {
            if (id is not null)
            {
                context.Response.Headers[ClientSessions.Header] = sessions.Wrap(context, target, id);
            }
        }
        // What the client can do is needed later, when its grant is lost or too narrow; the target's id alone would not say.
        else if (
            context.Features.Get<McpRequest>() is { Method: "initialize" } request
            && response.StatusCode == HttpStatusCode.OK
        )
        {
            var (own, _) = await personalSessions.StartAsync(context, request, new UpstreamSession(id));
            context.Response.Headers[ClientSessions.Header] = own;
        }
    }

    private static bool IsMcpAnswer(HttpStatusCode status) =>
        (int)status is >= 200 and < 300 or >= 400 and < 500
        && status
            is not (
                HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden
                or HttpStatusCode.ProxyAuthenticationRequired
            );

    private static void Copy(IHeaderDictionary from, string name, HttpRequestMessage to)
    {
        if (from.TryGetValue(name, out var values) && values.Count > 0)
        {
            _ =
                to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)
                || (to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values) ?? false);
        }
    }
}
