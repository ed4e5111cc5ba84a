using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using AspireGateway.Gateway.Mcp.Limits;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;
using Yarp.ReverseProxy.Forwarder;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>Steps 6 to 9 of <c>/mcp/{target}</c>: the request as it was sent, the response streamed back untouched.</summary>
internal sealed class TargetForwarder(
    TargetRegistry targets,
    UpstreamHttp http,
    IHttpForwarder forwarder,
    SessionIds sessions,
    FilteredList filteredList,
    PersonalForwarder personal,
    ClientSessions personalSessions,
    AnswerRelay relay,
    FailedAnswers failures,
    Drain drain,
    TimeProvider time
)
{
    private readonly ConditionalWeakTable<Target, Route> _routes = [];

    public async Task ForwardAsync(HttpContext context)
    {
        var request =
            context.Features.Get<McpRequest>() ?? throw new InvalidOperationException("The MCP pipeline did not run.");
        if (filteredList.Answers(request))
        {
            await filteredList.WriteAsync(context, request);
            return;
        }

        // The pipeline has found it, but it may have been removed since.
        if (targets.Find(request.Target!.Value) is not { } target)
        {
            request.Outcome = ErrorCodes.UnknownTarget;
            await context.WriteErrorAsync(
                StatusCodes.Status404NotFound,
                request.Id,
                JsonRpcCodes.Refused,
                request.Outcome,
                "There is no target of this name any more."
            );
            return;
        }

        var route = _routes.GetValue(target, CreateRoute);
        using var span = TargetSpan.Start(route.Target, request);
        span?.SetTag(Tags.McpProtocolVersion, context.Request.Headers["MCP-Protocol-Version"].ToString());

        if (!HasSession(context, request, target, out var upstreamSession))
        {
            var isMissing = !context.Request.Headers.ContainsKey(ClientSessions.Header);
            request.Outcome = isMissing ? ErrorCodes.MissingSession : ErrorCodes.UnknownSession;
            await context.WriteErrorAsync(
                isMissing ? StatusCodes.Status400BadRequest : StatusCodes.Status404NotFound,
                request.Id,
                JsonRpcCodes.Refused,
                request.Outcome,
                isMissing ? SessionIds.Missing : SessionIds.Unknown
            );
        }
        else if (route.Target.NeedsPerson)
        {
            await personal.ForwardAsync(context, request, route.Target, () => SendAsync(context, request, route), span);
        }
        else
        {
            context.Features.Set(upstreamSession);
            await SendAsync(context, request, route);
        }

        if (!request.IsServed)
        {
            span?.Fail(request.Outcome);
        }
    }

    // The session of a person's own target is in the database, and found already.
    private bool HasSession(HttpContext context, McpRequest request, Target target, out UpstreamSession session)
    {
        session = UpstreamSession.None;
        return context.Features.Get<FoundSession>() is not null
            || (
                !sessions.IsMissing(context, target, request)
                && (target.NeedsPerson || sessions.TryUnwrap(context, target, out session))
            );
    }

    private Route CreateRoute(Target target) =>
        new(
            target,
            new TargetTransformer(target, sessions, personalSessions, relay, failures),
            new ForwarderRequestConfig { ActivityTimeout = target.Timeout }
        );

    private async Task SendAsync(HttpContext context, McpRequest request, Route route)
    {
        request.SentAt = request.SentAt == 0 ? time.GetTimestamp() : request.SentAt;
        var end = request.IsListening ? drain.StreamsEnd : drain.CallsEnd;
        ForwarderError error;
        using (new TargetTime(request))
        {
            error = await forwarder.SendAsync(
                context,
                route.Destination,
                http.InvokerFor(route.Target),
                route.Config,
                route.Transformer,
                end
            );
        }

        if (error is ForwarderError.None || context.Features.Get<PersonalRequest>()?.Refusal is not null)
        {
            return;
        }

        var exception = context.GetForwarderErrorFeature()?.Exception;
        if (exception is VaultUnavailableException)
        {
            ExceptionDispatchInfo.Throw(exception);
        }

        if (context.RequestAborted.IsCancellationRequested)
        {
            request.Outcome = "cancelled";
            return;
        }

        // Nothing of an answer has come: what fails later is the relay's.
        await failures.WriteAsync(
            context,
            request,
            route.Target,
            end.IsCancellationRequested ? AnswerProblem.Stopping
                : error is ForwarderError.RequestTimedOut ? AnswerProblem.Timeout(route.Target)
                : AnswerProblem.Unavailable(route.Target, exception?.Message ?? error.ToString())
        );
    }

    private sealed record Route(Target Target, TargetTransformer Transformer, ForwarderRequestConfig Config)
    {
        public string Destination { get; } = Target.Url.GetLeftPart(UriPartial.Authority);
    }
}
