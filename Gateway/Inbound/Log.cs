namespace AspireGateway.Gateway.Inbound;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Refused with {Status} {Reason}: {Explanation}")]
    public static partial void Refused(this ILogger logger, string reason, int status, string explanation);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Signing keys of issuer {Issuer} read from {Url}: {Count} key(s)"
    )]
    public static partial void KeysRead(this ILogger logger, string issuer, string url, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The metadata of issuer {Issuer} at {Url} cannot be used: {Problem}. Callers whose tokens were signed with known keys are still served; it is tried again. Check that it runs and that Gateway:Inbound:Issuers has its DiscoveryUrl."
    )]
    public static partial void IssuerUnreachable(this ILogger logger, string issuer, string url, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "AUTHENTICATION IS OFF: everybody may call as user 'anonymous'. Remove Gateway:Inbound:AllowAnonymous to turn it on."
    )]
    public static partial void AuthenticationIsOff(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A person's sign-in by {Scheme} did not succeed ({Kind}). Check the issuer's SignIn:ClientId, SignIn:ClientSecret and the redirect URI registered for it."
    )]
    public static partial void SignInFailed(this ILogger logger, string scheme, string kind);
}
