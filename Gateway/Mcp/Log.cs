namespace AspireGateway.Gateway.Mcp;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A call of target {Target} at {Url} failed: {Problem}. Check that it runs and that Gateway:Targets:{Target}:Url is its MCP endpoint."
    )]
    public static partial void TargetFailed(this ILogger logger, TargetName target, Uri url, string problem);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Did not serve {Method} of target {Target}: {Reason}; cause and fix are in docs/errors.md"
    )]
    public static partial void NotServed(this ILogger logger, string? method, string? target, string reason);

    // The vault itself says once, as an error, when it stops to answer.
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "A request was refused because it needs the vault: {Problem} It can be sent again when its database answers."
    )]
    public static partial void VaultUnavailable(this ILogger logger, string problem);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Method} was not answered because of a mistake in the gateway. Please report it with this record."
    )]
    public static partial void AnswerFailed(this ILogger logger, string? method, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "An answer that arrived at another gateway could not be fetched from the vault's database, which should be checked; the call waits on."
    )]
    public static partial void HandOverFailed(this ILogger logger, Exception exception);
}
