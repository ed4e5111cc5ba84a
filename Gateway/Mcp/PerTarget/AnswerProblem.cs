using AspireGateway.Gateway.Mcp.Limits;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Targets.Upstream.Wire;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>Why what a target answered, or did not, cannot be given to the client.</summary>
/// <param name="Status">HTTP status of the answer in its place.</param>
/// <param name="Reason">Stable code.</param>
/// <param name="Message">What is wrong and what to do, for the client.</param>
/// <param name="Detail">What was seen, for the operator's log.</param>
internal sealed record AnswerProblem(int Status, string Reason, string Message, string Detail)
{
    /// <summary>The process is about to end.</summary>
    public static readonly AnswerProblem Stopping = new(
        StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.GatewayStopping,
        Drain.Message,
        "the gateway ended before it answered"
    );

    /// <summary>The call took longer than it may.</summary>
    public static AnswerProblem Timeout(Target target) =>
        new(
            StatusCodes.Status504GatewayTimeout,
            ErrorCodes.TargetTimeout,
            $"Target '{target.Name}' did not answer within {target.Timeout}.",
            $"it did not answer within {target.Timeout}"
        );

    /// <summary>Why asking a target ended before its answer was whole, when it was not the client who left.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="target">The target.</param>
    /// <param name="drain">Knows whether the process ends.</param>
    /// <param name="exception">What was thrown.</param>
    /// <param name="cancel">What ended it, if nothing broke.</param>
    public static AnswerProblem Ended(
        McpRequest request,
        Target target,
        Drain drain,
        Exception exception,
        CancellationToken cancel
    ) =>
        !cancel.IsCancellationRequested ? Unavailable(target, exception.Message)
        : drain.EndOf(request).IsCancellationRequested ? Stopping
        : Timeout(target);

    /// <summary>There was no answer, or none of an MCP server.</summary>
    public static AnswerProblem Unavailable(Target target, string detail) =>
        new(
            StatusCodes.Status502BadGateway,
            ErrorCodes.TargetUnavailable,
            $"Target '{target.Name}' cannot be reached at the moment, or did not answer as an MCP server. Try again later.",
            detail
        );

    /// <summary>An answer that is none of MCP, where the status says enough to be kept.</summary>
    public static AnswerProblem Refused(Target target, int status) =>
        new(
            status,
            ErrorCodes.TargetRefused,
            $"Target '{target.Name}' refused the request with HTTP status {status} and said nothing more.",
            $"it answered with HTTP status {status} and no JSON-RPC message"
        );

    /// <summary>An answer that is no JSON-RPC message, or one for another request.</summary>
    public static AnswerProblem Malformed(Target target, string detail) =>
        new(
            StatusCodes.Status502BadGateway,
            ErrorCodes.MalformedAnswer,
            $"Target '{target.Name}' sent an answer that is not one of MCP: {detail}. Its operator must look into it.",
            $"its answer is malformed: {detail}"
        );

    /// <summary>An answer beyond the limit.</summary>
    public static AnswerProblem TooLarge(Target target) =>
        new(
            StatusCodes.Status502BadGateway,
            ErrorCodes.AnswerTooLarge,
            $"Target '{target.Name}' sent an answer of more than {BoundedStream.MaxMessage} bytes. Ask for less at once.",
            $"its answer has more than {BoundedStream.MaxMessage} bytes"
        );
}
