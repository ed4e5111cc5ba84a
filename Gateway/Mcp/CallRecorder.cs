using System.Diagnostics;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Inbound.Challenge;
using AspireGateway.Gateway.Inbound.Edge;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Mcp;

/// <summary>Steps 5 and 10: evidence that a request will go on, and of how it ended; and one count.</summary>
internal sealed class CallRecorder(
    IAuditLog audit,
    ToolAccess access,
    TargetRegistry targets,
    TimeProvider time,
    ILogger<CallRecorder> logger
)
{
    /// <summary>Step 5: records the intent, and waits for that.</summary>
    /// <returns>For <see cref="Complete"/>; null when it cannot be recorded, and then nothing may be called.</returns>
    public ValueTask<AuditCall?> BeginAsync(HttpContext context, McpRequest request) =>
        audit.BeginAsync(Record(context, request, "allowed", ended: null));

    /// <summary>Step 10.</summary>
    public void Complete(HttpContext context, McpRequest request, OpenIntent intent)
    {
        // A refusal has said more.
        if (intent.TryEnd())
        {
            audit.Add(Record(context, request, request.Outcome, intent));
            if (!request.IsServed)
            {
                logger.NotServed(request.Method, request.Target?.Value, request.Outcome);
                Activity.Current?.SetTag(Tags.Reason, request.Outcome);
            }
        }

        GatewayMetrics.Called(request.Target?.Value, request.Tool, request.Method, request.Outcome);
        if (Arrival.Ago(context) is { } duration)
        {
            GatewayMetrics.Took(request.Target?.Value, request.Tool, request.Outcome, duration, request.InTarget);
        }
    }

    // Built at once, not from a common one: this is made twice in every call.
    private AuditRecord Record(HttpContext context, McpRequest request, string reason, OpenIntent? ended)
    {
        var caller = context.GetCaller();
        return new AuditRecord
        {
            Kind = ended is null ? RecordKinds.Intent : RecordKinds.Outcome,
            Call = ended?.Call,
            Rule = ended is null ? access.RuleOf(request) : null,
            Arguments = ended is null ? request.ArgumentsDigest : null,
            Status = ended is null ? 0 : context.Response.StatusCode,
            Time = time.GetUtcNow(),
            Decision = "allowed",
            Reason = reason,
            User = caller?.User.ToString(),
            Client = caller?.ClientId,
            Method = request.Method ?? context.Request.Method,
            Target = request.Target?.Value,
            Name = request.OwnName ?? request.Name,
            Credential = request.Target is { } target ? targets.Find(target)?.CredentialKind : null,
            TraceId = Activity.Current?.TraceId.ToHexString(),
        };
    }
}
