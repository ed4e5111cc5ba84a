using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Targets;

namespace AspireGateway.Gateway.Mcp.Sessions;

/// <summary>Finds the session of a request where the gateway itself keeps sessions: on the aggregate endpoint, and for targets that want a person's credential.</summary>
internal sealed class SessionGate(ClientSessions sessions, TargetRegistry targets)
{
    /// <summary>Puts the session into the request's features.</summary>
    /// <returns>False when the client names one that is not known, is over, or is somebody else's.</returns>
    public async ValueTask<bool> EnterAsync(HttpContext context)
    {
        var header = context.Request.Headers[ClientSessions.Header];
        var target = context.GetRouteTarget();
        if (header.Count == 0 || (target is { } name && targets.Find(name) is not { NeedsPerson: true }))
        {
            return true;
        }

        // The SDK's server has no sessions, and targets have their own ids.
        context.Request.Headers.Remove(ClientSessions.Header);
        if (
            header is not [{ Length: > 0 } id]
            || await sessions.FindAsync(id, context.GetCaller()!.User, target, context.RequestAborted) is not { } found
        )
        {
            return false;
        }

        context.Features.Set(found);
        return true;
    }
}
