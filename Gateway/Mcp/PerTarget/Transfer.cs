using AspireGateway.Gateway.Mcp.Limits;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>One answer on its way from a target to a client.</summary>
/// <param name="Context">The client's request.</param>
/// <param name="Request">Its message.</param>
/// <param name="Target">The target.</param>
/// <param name="Answer">What the target answers.</param>
/// <param name="Cancel">The client leaves, the time is over, or the process ends.</param>
internal sealed record Transfer(
    HttpContext Context,
    McpRequest Request,
    Target Target,
    HttpResponseMessage Answer,
    CancellationToken Cancel
)
{
    /// <summary>Whether an exception says that a connection broke.</summary>
    public static bool IsBroken(Exception exception) => exception is IOException or HttpRequestException;

    /// <summary>Why it ended before its time; null when the client has left.</summary>
    public AnswerProblem? WhatEndedIt(Drain drain, Exception exception) =>
        Context.RequestAborted.IsCancellationRequested
            ? null
            : AnswerProblem.Ended(Request, Target, drain, exception, Cancel);
}
