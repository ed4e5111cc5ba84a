namespace AspireGateway.Gateway.Admin;

internal static partial class Log
{
    // The vault itself says once, as an error, when it stops to answer.
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "An admin call was refused because it needs the vault: {Problem} It can be sent again when its database answers."
    )]
    public static partial void VaultUnavailable(this ILogger logger, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Targets that were defined through the admin API are not known yet: {Problem} Check the vault's database; it is tried again."
    )]
    public static partial void DefinitionsUnavailable(this ILogger logger, string problem);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Targets that were defined through the admin API can be read again."
    )]
    public static partial void DefinitionsAvailable(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} target(s) are defined through the admin API")]
    public static partial void DefinitionsRead(this ILogger logger, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The stored target {Target} is not used: {Problem} Replace or delete it through the admin API."
    )]
    public static partial void DefinitionRefused(this ILogger logger, string target, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Target {Target} is defined in the configuration, too, which wins. Remove it there, or delete the other once the name is free."
    )]
    public static partial void DefinitionHidden(this ILogger logger, TargetName target);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The lists of targets that need a person, of {Target} first, cannot be kept in sync at the moment: {Problem} Check the vault's database; it is tried again."
    )]
    public static partial void CataloguesUnavailable(this ILogger logger, TargetName target, string problem);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The lists of all targets that need a person are kept in sync again."
    )]
    public static partial void CataloguesAvailable(this ILogger logger);
}
