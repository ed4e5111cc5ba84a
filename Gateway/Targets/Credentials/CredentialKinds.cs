namespace AspireGateway.Gateway.Targets.Credentials;

/// <summary>How requests to a target may be authenticated.</summary>
internal static class CredentialKinds
{
    /// <summary>Not at all.</summary>
    public const string None = "none";

    /// <summary>With tokens of the person who calls, given by that person's consent.</summary>
    public const string AuthorizationCode = "authorization_code";

    public static readonly IReadOnlyList<string> All = [None, AuthorizationCode];
}
