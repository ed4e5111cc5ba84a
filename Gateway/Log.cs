namespace AspireGateway.Gateway;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The gateway did not start: {Count} mistake(s) in its configuration.\n{Errors}"
    )]
    public static partial void ConfigurationRefused(this ILogger logger, int count, string errors);
}
