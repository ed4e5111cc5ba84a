namespace AspireGateway.Gateway.Targets;

internal static partial class Log
{
    [LoggerMessage(
        Message = "Target {Target} is READY: {Tools} tool(s), {Prompts} prompt(s), {Resources} resource(s) and {Templates} template(s)"
    )]
    public static partial void Synchronized(
        this ILogger logger,
        LogLevel level,
        TargetName target,
        int tools,
        int prompts,
        int resources,
        int templates
    );

    [LoggerMessage(
        Message = "Target {Target} is FAILED: {Url} did not answer ({Problem}). What is known of it stays listed; it is tried again. Check Gateway:Targets:{Target}:Url."
    )]
    public static partial void SynchronizationFailed(
        this ILogger logger,
        LogLevel level,
        TargetName target,
        Uri url,
        string problem
    );

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What target {Target} at {Url} has for one person could not be read ({Problem}). What is known of it stays listed; it is tried again."
    )]
    public static partial void PersonalListsFailed(this ILogger logger, TargetName target, Uri url, string problem);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The {Kind} of target {Target} changed. Added: {Added}. Removed: {Removed}. Changed: {Changed}."
    )]
    public static partial void ListChanged(
        this ILogger logger,
        TargetName target,
        string kind,
        string added,
        string removed,
        string changed
    );

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Target {Target} has {Kind} whose names are longer than {Max} characters with its prefix, which some clients refuse: {Names}. They can be called by aliases, which GET /admin/targets/{Target} shows and Gateway:Mcp:ListAliases lists."
    )]
    public static partial void LongNames(this ILogger logger, TargetName target, int max, string kind, string names);

    [LoggerMessage(Level = LogLevel.Information, Message = "Target {Target} is {State}")]
    public static partial void StateChanged(this ILogger logger, TargetName target, string state);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Target {Target} has more than {Max} {Kind}; the rest is not listed (Gateway:Catalogue:MaxItems)."
    )]
    public static partial void TooManyItems(this ILogger logger, TargetName target, int max, string kind);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Target {Target} cannot be listened to at the moment: {Problem}. It is tried again; changes of its lists are found at the next synchronization meanwhile."
    )]
    public static partial void ListeningFailed(this ILogger logger, TargetName target, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Target {Target} refused {Method}: {Problem}")]
    public static partial void FollowingRefused(this ILogger logger, TargetName target, string method, string problem);
}
