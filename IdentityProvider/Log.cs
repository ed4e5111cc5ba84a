namespace AspireGateway.IdentityProvider;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The database cannot be used; the next request tries again")]
    public static partial void DatabaseFailed(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{User} signed in")]
    public static partial void SignedIn(this ILogger logger, string user);

    // Without the name that was typed: people type passwords into the wrong field.
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A sign-in was refused: wrong user name or password. The README names the demo users and their password."
    )]
    public static partial void SignInRefused(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Consent given to client {ClientId}")]
    public static partial void ConsentGiven(this ILogger logger, string clientId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "An authorization request was refused with an error page: {Error}"
    )]
    public static partial void AuthorizationRefused(this ILogger logger, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Client {ClientId} registered as '{Name}'")]
    public static partial void ClientRegistered(this ILogger logger, string clientId, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A client registration was refused: {Error}: {Description}")]
    public static partial void RegistrationRefused(this ILogger logger, string error, string description);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The metadata document {ClientId} was refused: {Reason}")]
    public static partial void DocumentRefused(this ILogger logger, string clientId, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Client {ClientId} was forgotten: more than {Limit} clients have registered"
    )]
    public static partial void ClientForgotten(this ILogger logger, string clientId, int limit);
}
