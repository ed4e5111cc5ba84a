namespace AspireGateway.Gateway.Targets;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Target {Target} offers {Count} tool(s)")]
    public static partial void Synchronized(this ILogger logger, TargetName target, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Target {Target} at {Url} did not answer ({Problem}). Its known tools stay listed; it is tried again. Check Gateway:Targets:{Target}:Url."
    )]
    public static partial void SynchronizationFailed(this ILogger logger, TargetName target, Uri url, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Target {Target} is {State} {Reason}")]
    public static partial void StateChanged(this ILogger logger, TargetName target, string state, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Target {Target} has more than {Max} tools; the rest is not listed."
    )]
    public static partial void TooManyTools(this ILogger logger, TargetName target, int max);
}
