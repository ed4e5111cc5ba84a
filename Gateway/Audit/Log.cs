namespace AspireGateway.Gateway.Audit;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The audit record {Path} cannot be written. Calls are refused with 503 until it can: make the file writable or set Gateway:Audit:Path."
    )]
    public static partial void AuditUnwritable(this ILogger logger, string path, Exception exception);
}
