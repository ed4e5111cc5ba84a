namespace AspireGateway.Gateway.Audit;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The audit record in {Path} cannot be written (audit_unwritable). Calls are refused with 503 until it can: make the folder writable, free space on its disk, or set Gateway:Audit:Path."
    )]
    public static partial void AuditUnwritable(this ILogger logger, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The audit record in {Path} can be written again.")]
    public static partial void WritableAgain(this ILogger logger, string path);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The last audit records could not be written to {Path} before the gateway stopped. They are in its journal, and are put to the end of its chain when a gateway of that folder starts."
    )]
    public static partial void RecordsNotWritten(this ILogger logger, string path);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Audit record: chain {Chain} in {Path}, anchors signed with key {Key} in {Anchors}."
    )]
    public static partial void ChainOpened(this ILogger logger, string chain, string path, string key, string anchors);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Audit record: chain {Chain} in {Path} without anchors (Gateway:Audit:Anchors:Enabled is false): who can write that folder can rewrite the record unnoticed. Give it a key: Gateway:Audit:Anchors:KeyFile."
    )]
    public static partial void NoAnchors(this ILogger logger, string chain, string path);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Nothing is recorded (Gateway:Audit:Durability is off). Remove the setting unless you measure what the record costs."
    )]
    public static partial void AuditOff(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "No anchor of the audit record can be written to {Path}. Calls go on, and the record is tried again, but its end is not signed: make the folder writable, or set Gateway:Audit:Anchors:Path."
    )]
    public static partial void AnchorNotWritten(this ILogger logger, string path, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Audit record: {Segment} is older than {Retention} and was deleted."
    )]
    public static partial void SegmentDeleted(this ILogger logger, string segment, TimeSpan retention);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Old segments of the audit record could not be deleted from {Path}. They are tried again in an hour: look at the folder's rights, and at what 'audit verify' says."
    )]
    public static partial void RetentionFailed(this ILogger logger, string path, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Audit record: no journal in {Path} ({Reason}). Each intent is written before its call goes on, which is slower."
    )]
    public static partial void NoJournal(this ILogger logger, string path, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Audit record: the process of chain {Chain} was killed. {Count} records that it had not written yet were put to the end of {Segment}."
    )]
    public static partial void JournalRecovered(this ILogger logger, int count, string chain, string segment);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Audit record: the records that a killed process left in {Path} cannot be put to the end of its chain. They are tried again when a gateway starts: look at what 'audit verify' says of that chain."
    )]
    public static partial void JournalNotRecovered(this ILogger logger, string path, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Audit record: whether killed processes left journals in {Path} cannot be told. Make the folder readable."
    )]
    public static partial void JournalsNotRead(this ILogger logger, string path, Exception exception);
}
