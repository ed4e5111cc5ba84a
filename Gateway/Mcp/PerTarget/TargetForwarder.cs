using System.Diagnostics;
using System.Runtime.CompilerServices;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Telemetry;
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
    ILogger<TargetForwarder> logger
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

        if (route.Target.NeedsPerson)
        {
            await personal.ForwardAsync(
                context,
                request,
                route.Target,
                () => SendAsync(context, request, route, span),
                span
            );
        }
        else if (sessions.TryUnwrap(context, route.Target, out var upstreamSession))
        {
            context.Features.Set(upstreamSession);
            await SendAsync(context, request, route, span);
        }
        else
        {
            request.Outcome = ErrorCodes.UnknownSession;
            await context.WriteErrorAsync(
                StatusCodes.Status404NotFound,
                request.Id,
                JsonRpcCodes.Refused,
                ErrorCodes.UnknownSession,
                SessionIds.Unknown
            );
        }
    }

    private Route CreateRoute(Target target) =>
        new(
            target,
            new TargetTransformer(target, sessions, personalSessions),
            new ForwarderRequestConfig { ActivityTimeout = target.Timeout }
        );

    private async Task SendAsync(HttpContext context, McpRequest request, Route route, Activity? span)
    {
        ForwarderError error;
        using (new TargetTime(request))
        {
            error = await forwarder.SendAsync(
                context,
                route.Destination,
                http.InvokerFor(route.Target),
                route.Config,
                route.Transformer
            );
        }

        if (error is not ForwarderError.None && context.Features.Get<PersonalRequest>()?.Refusal is null)
        {
            await AnswerFailureAsync(context, request, route.Target, error, span);
        }
    }

    private async Task AnswerFailureAsync(
        HttpContext context,
        McpRequest request,
        Target target,
        ForwarderError error,
        Activity? span
    )
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            request.Outcome = "cancelled";
            return;
        }

        var isTimeout = error is ForwarderError.RequestTimedOut;
        request.Outcome = isTimeout ? ErrorCodes.TargetTimeout : ErrorCodes.TargetUnavailable;
        span?.Fail(request.Outcome);
        var problem = context.GetForwarderErrorFeature()?.Exception?.Message ?? error.ToString();
        logger.TargetFailed(target.Name, target.Url, problem);
        if (!context.Response.HasStarted)
        {
            context.Response.Headers.Clear();
            await context.WriteErrorAsync(
                isTimeout ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status502BadGateway,
                request.Id,
                JsonRpcCodes.TargetUnavailable,
                request.Outcome,
                isTimeout
                    ? $"Target '{target.Name}' did not answer within {target.Timeout}."
                    : $"Target '{target.Name}' cannot be reached at the moment, or did not answer as an MCP server. Try again later."
            );
        }
    }

    private sealed record Route(Target Target, TargetTransformer Transformer, ForwarderRequestConfig Config)
    {
        public string Destination { get; } = Target.Url.GetLeftPart(UriPartial.Authority);
    }
}
