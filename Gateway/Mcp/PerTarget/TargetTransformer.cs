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
internal sealed class TargetTransformer(
    Target target,
    SessionIds sessions,
    ClientSessions personalSessions,
    AnswerRelay relay,
    FailedAnswers failures
) : HttpTransformer
{
    private static readonly string[] RequestHeaders =
    [
        HeaderNames.Accept,
        HeaderNames.AcceptLanguage,
        HeaderNames.ContentType,
        HeaderNames.UserAgent,
        RevisionRules.Header,
        HeaderAgreement.MethodHeader,
        HeaderAgreement.NameHeader,
        "Last-Event-ID",
    ];

    private static readonly string[] ResponseHeaders =
    [
        HeaderNames.ContentType,
        HeaderNames.CacheControl,
        HeaderNames.Allow,
        HeaderNames.RetryAfter,
        RevisionRules.Header,
    ];

    // What helps a client also where the body is not the target's.
    private static readonly string[] HintHeaders = [HeaderNames.Allow, HeaderNames.RetryAfter];

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
                name.StartsWith(ParameterHeader.Prefix, StringComparison.OrdinalIgnoreCase)
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

        var request = httpContext.Features.Get<McpRequest>()!;
        if (AnswerRules.Check(httpContext, request, target, proxyResponse) is { } problem)
        {
            CopyHeaders(proxyResponse, httpContext, problem.Status < 500 ? HintHeaders : []);
            await failures.WriteAsync(httpContext, request, target, problem);
            return false;
        }

        httpContext.Response.StatusCode = (int)proxyResponse.StatusCode;
        CopyHeaders(proxyResponse, httpContext, ResponseHeaders);
        await TakeSessionAsync(httpContext, request, proxyResponse, personal is not null);
        await relay.CopyAsync(httpContext, request, target, proxyResponse);

        // The body is through already.
        return false;
    }

    private async ValueTask TakeSessionAsync(
        HttpContext context,
        McpRequest request,
        HttpResponseMessage response,
        bool isPersonal
    )
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
        else if (request.Method is "initialize" && response.StatusCode == HttpStatusCode.OK)
        {
            if (id is not null)
            {
                sessions.MarkAsHavingSessions(target);
            }

            var (own, _) = await personalSessions.StartAsync(context, request, new UpstreamSession(id));
            context.Response.Headers[ClientSessions.Header] = own;
        }
    }

    private static void CopyHeaders(HttpResponseMessage from, HttpContext to, string[] names)
    {
        foreach (var name in names)
        {
            if (from.Headers.TryGetValues(name, out var values) || from.Content.Headers.TryGetValues(name, out values))
            {
                to.Response.Headers[name] = values.ToArray();
            }
        }
    }

    private static void Copy(IHeaderDictionary from, string name, HttpRequestMessage to)
    {
        if (!from.TryGetValue(name, out var values) || values.Count == 0)
        {
            return;
        }

        if (values is [var only])
        {
            _ =
                to.Headers.TryAddWithoutValidation(name, only)
                || (to.Content?.Headers.TryAddWithoutValidation(name, only) ?? false);
        }
        else
        {
            _ =
                to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)
                || (to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values) ?? false);
        }
    }
}
