using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>Tells the client in JSON-RPC, and the operator in the log, that a target failed.</summary>
internal sealed class FailedAnswers(ILogger<FailedAnswers> logger)
{
    // What a target had said about itself by then is not said about this answer.
    private static readonly string[] Replaced =
    [
        "Content-Type",
        "Cache-Control",
        "Mcp-Session-Id",
        "MCP-Protocol-Version",
    ];

    /// <summary>Answers in the target's place; nothing of an answer may have been sent.</summary>
    public Task WriteAsync(HttpContext context, McpRequest request, Target target, AnswerProblem problem)
    {
        Note(request, target, problem);
        foreach (var name in Replaced)
        {
            context.Response.Headers.Remove(name);
        }

        return context.WriteErrorAsync(
            problem.Status,
            request.Id,
            JsonRpcCodes.TargetUnavailable,
            problem.Reason,
            problem.Message
        );
    }

    /// <summary>The same as the data of an event, for an answer that has begun as an event stream.</summary>
    public ReadOnlyMemory<byte> ToMessage(McpRequest request, Target target, AnswerProblem problem)
    {
        Note(request, target, problem);
        return JsonRpc.Error(request.Id, JsonRpcCodes.TargetUnavailable, problem.Reason, problem.Message);
    }

    /// <summary>Records what became of a request that cannot be answered any more.</summary>
    public void Note(McpRequest request, Target target, AnswerProblem problem)
    {
        request.Outcome = problem.Reason;
        logger.TargetFailed(target.Name, target.Url, problem.Detail);
    }
}
