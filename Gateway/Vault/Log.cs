namespace AspireGateway.Gateway.Vault;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The vault is open: database {Database}, keys from {Keys}, new values are sealed with '{ActiveKey}'. In Development, Gateway:Vault:Reset=true starts afresh."
    )]
    public static partial void VaultOpened(this ILogger logger, string database, string keys, string activeKey);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Reason} Until that changes, no call that needs a user's grant works. It is tried again."
    )]
    public static partial void VaultNotOpened(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault cannot be opened. It is tried again.")]
    public static partial void OpeningFailed(this ILogger logger, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Reason} Calls that need a user's grant fail until it does, and it is asked again."
    )]
    public static partial void VaultDoesNotAnswer(this ILogger logger, string reason, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The vault's database ({Database}) answers again.")]
    public static partial void VaultAnswersAgain(this ILogger logger, string database);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Row {Row} of the vault's table {Table} cannot be opened: {Reason}. It was left as it is. Nobody but the gateway may write to these tables."
    )]
    public static partial void RowUnreadable(this ILogger logger, string table, long row, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The vault's keys were read again: values are sealed with '{Active}'; there are {Keys}."
    )]
    public static partial void KeysLoaded(this ILogger logger, string active, string keys);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The vault's changed settings were refused, and the old ones stay: {Errors}"
    )]
    public static partial void KeysNotLoaded(this ILogger logger, string errors);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Rows} row(s) of the vault were wrapped with the key '{Key}'; {Unreadable} could not be read."
    )]
    public static partial void Rewrapped(this ILogger logger, long rows, string key, long unreadable);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "When grants were last used was not written: {Reason} Check the vault's database; nothing else depends on it."
    )]
    public static partial void UsageNotWritten(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "When grants were last used is written again.")]
    public static partial void UsageWrittenAgain(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Expired records were not cleaned up: {Reason} Check that the vault's database answers and can be written; it is tried again every minute."
    )]
    public static partial void NotCleaned(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Expired records are cleaned up again.")]
    public static partial void CleanedAgain(this ILogger logger);
}
