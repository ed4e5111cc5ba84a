using System.Net;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using Microsoft.Net.Http.Headers;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>Gives a target's answer to the client: of its headers only what a client needs, its body as it is.</summary>
internal sealed class TargetAnswers(
    SessionIds sessions,
    ClientSessions personalSessions,
    AnswerRelay relay,
    FailedAnswers failures
)
{
    private static readonly string[] AllowedHeaders =
    [
        HeaderNames.ContentType,
        HeaderNames.CacheControl,
        HeaderNames.Allow,
        HeaderNames.RetryAfter,
        RevisionRules.Header,
    ];

    // What helps a client also where the body is not the target's.
    private static readonly string[] HintHeaders = [HeaderNames.Allow, HeaderNames.RetryAfter];

    /// <summary>Gives the answer, or an error in its place where it is none of an MCP server.</summary>
    /// <param name="transfer">The answer, and the request that it belongs to.</param>
    /// <param name="isPersonal">Whether it was asked for with a person's own credential.</param>
    public async Task GiveAsync(Transfer transfer, bool isPersonal)
    {
        var (context, request, target, answer, _) = transfer;
        if (AnswerRules.Check(context, request, target, answer) is { } problem)
        {
            CopyHeaders(answer, context, problem.Status < 500 ? HintHeaders : []);
            await failures.WriteAsync(context, request, target, problem);
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        CopyHeaders(answer, context, AllowedHeaders);
        await TakeSessionAsync(transfer, isPersonal);
        await relay.CopyAsync(transfer);
    }

    private async ValueTask TakeSessionAsync(Transfer transfer, bool isPersonal)
    {
        var (context, request, target, answer, _) = transfer;
        var id =
            answer.Headers.NonValidated.TryGetValues(ClientSessions.Header, out var ids) && ids.Count == 1
                ? ids.ToString()
                : null;
        if (!isPersonal)
        {
            if (id is not null)
            {
                context.Response.Headers[ClientSessions.Header] = sessions.Wrap(context, target, id);
            }
        }
        // What the client can do is needed later, when its grant is lost or too narrow; the target's id alone would not say.
        else if (request.Method is "initialize" && answer.StatusCode == HttpStatusCode.OK)
        {
            if (id is not null)
            {
                sessions.MarkAsHavingSessions(target);
            }

            var (own, _) = await personalSessions.StartAsync(context, request, new UpstreamSession(id));
            context.Response.Headers[ClientSessions.Header] = own;
        }
    }

    // A value that no answer may contain is left out: it is no reason to withhold the rest.
    private static void CopyHeaders(HttpResponseMessage from, HttpContext to, string[] names)
    {
        foreach (var name in names)
        {
            if (
                from.Headers.NonValidated.TryGetValues(name, out var values)
                || from.Content.Headers.NonValidated.TryGetValues(name, out values)
            )
            {
                to.Response.Headers[name] =
                    values.Count == 1 && IsPrintable(values.ToString())
                        ? values.ToString()
                        : values.Where(IsPrintable).ToArray();
            }
        }
    }

    private static bool IsPrintable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
