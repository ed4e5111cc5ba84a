namespace AspireGateway.Gateway.Admin;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The vault does not answer; an admin call was refused. Check its database."
    )]
    public static partial void VaultUnavailable(this ILogger logger, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Targets that were defined through the admin API are not known yet: {Problem} Check the vault's database; it is tried again."
    )]
    public static partial void DefinitionsUnavailable(this ILogger logger, string problem);

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
        Message = "The catalogue of target {Target} cannot be kept in sync at the moment: {Problem} Check the vault's database; it is tried again."
    )]
    public static partial void CatalogueUnavailable(this ILogger logger, TargetName target, string problem);
}
