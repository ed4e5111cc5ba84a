namespace AspireGateway.SampleMcpServer;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Tool {Tool}: {Outcome} after {Milliseconds} ms")]
    public static partial void ToolCalled(ILogger logger, string tool, string outcome, long milliseconds);

    [LoggerMessage(2, LogLevel.Information, "Tool {Tool} is called with {Arguments}")]
    public static partial void ToolArguments(ILogger logger, string tool, string arguments);

    [LoggerMessage(3, LogLevel.Information, "A request is refused with {Status}: {Reason}")]
    public static partial void Refused(ILogger logger, int status, string reason);

    [LoggerMessage(4, LogLevel.Debug, "A session could not be told that a resource changed")]
    public static partial void NotTold(ILogger logger, Exception failure);
}
