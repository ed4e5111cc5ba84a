using System.Diagnostics;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Inbound.Edge;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Mcp;

/// <summary>Step 10: one audit record and one count for each request that was let through.</summary>
internal sealed class CallRecorder(IAuditLog audit, TimeProvider time)
{
    public void Record(HttpContext context, McpRequest request)
    {
        var caller = context.GetCaller();
        audit.Append(
            new AuditRecord
            {
                Time = time.GetUtcNow(),
                Decision = "allowed",
                Reason = request.Outcome,
                User = caller?.User.ToString(),
                Client = caller?.ClientId,
                Method = request.Method ?? context.Request.Method,
                Target = request.Target?.Value,
                Name = request.OwnName ?? request.Name,
                Status = context.Response.StatusCode,
                TraceId = Activity.Current?.TraceId.ToHexString(),
            }
        );
        GatewayMetrics.Called(request.Target?.Value, request.Tool, request.Method, request.Outcome);
        if (Arrival.Ago(context) is { } duration)
        {
            GatewayMetrics.Took(request.Target?.Value, request.Tool, request.Outcome, duration, request.InTarget);
        }
    }
}
