using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>Steps 6 to 9 of <c>/mcp/{target}</c>: the request as it was sent, the response streamed back untouched.</summary>
internal sealed class TargetForwarder(
    TargetRegistry targets,
    SessionIds sessions,
    FilteredList filteredList,
    PersonalForwarder personal,
    TargetExchange exchange
)
{
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

        using var span = TargetSpan.Start(target, request);
        span?.SetTag(Tags.McpProtocolVersion, context.Request.Headers[RevisionRules.Header].ToString());

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
        else if (target.NeedsPerson)
        {
            await personal.ForwardAsync(context, request, target, span);
        }
        else
        {
            await exchange.SendAsync(context, request, target, new TargetRequest(request.Body, upstreamSession.Id));
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
}
