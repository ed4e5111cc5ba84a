namespace AspireGateway.Gateway.Outbound;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Registered the gateway for target {Target} at {Issuer}")]
    public static partial void Registered(this ILogger logger, TargetName target, string issuer);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The registration for target {Target} at {Issuer} failed: {Problem}. Register the gateway there by hand and set the target's AuthorizationCode:ClientId."
    )]
    public static partial void RegistrationFailed(
        this ILogger logger,
        TargetName target,
        string issuer,
        string problem
    );

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Forgot the registration for target {Target} at {Issuer}; deleted there: {IsDeleted}"
    )]
    public static partial void RegistrationForgotten(
        this ILogger logger,
        TargetName target,
        string issuer,
        bool isDeleted
    );

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Refreshed a grant for target {Target}, generation {Generation}"
    )]
    public static partial void Refreshed(this ILogger logger, TargetName target, long generation);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "A grant for target {Target} is over, its authorization server says; the person is asked again at the next call"
    )]
    public static partial void GrantEnded(this ILogger logger, TargetName target);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A refresh for target {Target} failed ({Reason}); the grant is kept, next attempt in {Pause}. If this goes on, check the target's AuthorizationCode settings."
    )]
    public static partial void RefreshFailed(this ILogger logger, TargetName target, string reason, TimeSpan pause);

    // The vault itself says once, as an error, when it stops to answer.
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "What was asked of target {Target} needs the vault: {Problem} It can be tried again when its database answers."
    )]
    public static partial void VaultUnavailable(this ILogger logger, TargetName target, string problem);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "A person is asked for consent to target {Target}: the answer of the call holds the link"
    )]
    public static partial void PersonAsked(this ILogger logger, string target);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Refused a browser with {Status} {Reason}; cause and fix are in docs/errors.md"
    )]
    public static partial void ConsentRefused(this ILogger logger, string reason, int status);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "People cannot be asked for their consent to target {Target} ({Reason}): {Message}"
    )]
    public static partial void ConsentNotPossible(
        this ILogger logger,
        TargetName target,
        string reason,
        string message
    );

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The code for target {Target} was not exchanged ({Reason}). Check client id, secret and redirect URI in the target's AuthorizationCode settings."
    )]
    public static partial void ExchangeFailed(this ILogger logger, TargetName target, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A person connected target {Target}")]
    public static partial void Connected(this ILogger logger, TargetName target);
}
