using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Targets;

/// <summary>Checks the settings by which the gateway becomes a client of a third party.</summary>
internal static class AuthorizationCodeOptionsValidator
{
    private static readonly string[] AuthMethods =
    [
        "none",
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
    ];

    // The gateway sets these itself: a second value would let two readers see two different requests.
    private static readonly string[] OwnParameters =
    [
        "client_id",
        "client_secret",
        "code_challenge",
        "code_challenge_method",
        "redirect_uri",
        "request",
        "request_uri",
        "resource",
        "response_mode",
        "response_type",
        "scope",
        "state",
    ];

    /// <summary>Returns every mistake with its fix.</summary>
    /// <param name="path">Configuration path of the settings.</param>
    /// <param name="options">The settings.</param>
    /// <param name="isDevelopment">Whether http on loopback is allowed.</param>
    public static IEnumerable<string> Check(string path, AuthorizationCodeOptions options, bool isDevelopment) =>
        CheckUrls(path, options, isDevelopment).Concat(CheckClient(path, options)).Concat(CheckRequest(path, options));

    private static IEnumerable<string> CheckUrls(string path, AuthorizationCodeOptions options, bool isDevelopment)
    {
        (string Name, string Value)[] urls =
        [
            (nameof(options.Issuer), options.Issuer),
            (nameof(options.AuthorizationEndpoint), options.AuthorizationEndpoint),
            (nameof(options.TokenEndpoint), options.TokenEndpoint),
            (nameof(options.RevocationEndpoint), options.RevocationEndpoint),
        ];
        foreach (var (name, value) in urls.Where(static url => url.Value.Length > 0))
        {
            if (
                !Uri.TryCreate(value, UriKind.Absolute, out var url)
                || url.UserInfo.Length > 0
                || url.Fragment.Length > 0
                || (url.Scheme != Uri.UriSchemeHttps && !(isDevelopment && url.Scheme == Uri.UriSchemeHttp))
            )
            {
                yield return $"{path}:{name} is '{value}'. Use an absolute https URL without user information and fragment (http only in Development).";
            }
        }

        if ((options.AuthorizationEndpoint.Length > 0) != (options.TokenEndpoint.Length > 0))
        {
            yield return $"{path}: set both AuthorizationEndpoint and TokenEndpoint, or neither to read them from the server's metadata.";
        }
    }

    private static IEnumerable<string> CheckClient(string path, AuthorizationCodeOptions options)
    {
        var method = options.TokenEndpointAuthMethod;
        if (method.Length > 0 && !AuthMethods.Contains(method, StringComparer.Ordinal))
        {
            yield return $"{path}:TokenEndpointAuthMethod is '{method}'. Use one of {string.Join(", ", AuthMethods)}, or leave it empty.";
        }

        if (
            method.StartsWith("client_secret_", StringComparison.Ordinal)
            && options.ClientId.Length > 0
            && options.ClientSecret.Length == 0
        )
        {
            yield return $"{path}:ClientSecret is empty, but TokenEndpointAuthMethod is {method}. Set the secret, or use none for a public client.";
        }

        if (method == "private_key_jwt" && options.PrivateKeyFile.Length == 0)
        {
            yield return $"{path}:PrivateKeyFile is empty, but TokenEndpointAuthMethod is private_key_jwt. Name the PEM file with the key.";
        }

        if (options.PrivateKeyFile.Length > 0 && !File.Exists(options.PrivateKeyFile))
        {
            yield return $"{path}:PrivateKeyFile '{options.PrivateKeyFile}' does not exist.";
        }

        if (options.ClientId.Length == 0 && options.ClientSecret.Length > 0)
        {
            yield return $"{path}:ClientSecret is set without ClientId. Set the client id that the secret belongs to.";
        }

        if (options.AuthorizationEndpoint.Length > 0 && options.ClientId.Length == 0)
        {
            yield return $"{path}:ClientId is empty. A server without metadata cannot register the gateway: register it by hand and set ClientId.";
        }
    }

    private static IEnumerable<string> CheckRequest(string path, AuthorizationCodeOptions options)
    {
        foreach (
            var name in options.AuthorizeParameters.Keys.Intersect(OwnParameters, StringComparer.OrdinalIgnoreCase)
        )
        {
            yield return $"{path}:AuthorizeParameters:{name} is set by the gateway itself. Remove it.";
        }

        if (options.ScopeSeparator.Length == 0)
        {
            yield return $"{path}:ScopeSeparator is empty. Use a space (the standard) or a comma.";
        }

        foreach (var scope in options.Scopes.Where(static scope => scope.Length == 0 || scope.Any(char.IsWhiteSpace)))
        {
            yield return $"{path}:Scopes contains '{scope}'. Give each scope an entry of its own.";
        }
    }
}
