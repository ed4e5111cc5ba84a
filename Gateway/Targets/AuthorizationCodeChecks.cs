using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Targets;

/// <summary>Checks the settings by which the gateway becomes a client of a third party.</summary>
internal static class AuthorizationCodeChecks
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
    /// <param name="options">The settings.</param>
    /// <param name="isDevelopment">Whether http is allowed.</param>
    public static IEnumerable<Mistake> Check(AuthorizationCodeOptions options, bool isDevelopment) =>
        CheckUrls(options, isDevelopment)
            .Concat(CheckClient(options))
            .Concat(CheckPrivateKey(options))
            .Concat(CheckRequest(options));

    private static IEnumerable<Mistake> CheckUrls(AuthorizationCodeOptions options, bool isDevelopment)
    {
        (string Name, string Value)[] urls =
        [
            (nameof(options.Issuer), options.Issuer),
            (nameof(options.AuthorizationEndpoint), options.AuthorizationEndpoint),
            (nameof(options.TokenEndpoint), options.TokenEndpoint),
            (nameof(options.RevocationEndpoint), options.RevocationEndpoint),
            (nameof(options.AccountEndpoint), options.AccountEndpoint),
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
                yield return new(
                    name,
                    $"is '{value}'. Use an absolute https URL without user information and fragment (http only in Development)."
                );
            }
        }

        if ((options.AuthorizationEndpoint.Length > 0) != (options.TokenEndpoint.Length > 0))
        {
            yield return new(
                nameof(options.AuthorizationEndpoint),
                "and TokenEndpoint belong together. Set both, or neither to read them from the server's metadata."
            );
        }
    }

    private static IEnumerable<Mistake> CheckClient(AuthorizationCodeOptions options)
    {
        var method = options.TokenEndpointAuthMethod;
        if (method.Length > 0 && !AuthMethods.Contains(method, StringComparer.Ordinal))
        {
            yield return new(
                nameof(options.TokenEndpointAuthMethod),
                $"is '{method}'. Use one of {string.Join(", ", AuthMethods)}, or leave it empty."
            );
        }

        if (
            method.StartsWith("client_secret_", StringComparison.Ordinal)
            && options.ClientId.Length > 0
            && options.ClientSecret.Length == 0
        )
        {
            yield return new(
                nameof(options.ClientSecret),
                $"is empty, but TokenEndpointAuthMethod is {method}. Set the secret, or use none for a public client."
            );
        }

        if (options.ClientId.Length == 0 && options.ClientSecret.Length > 0)
        {
            yield return new(
                nameof(options.ClientSecret),
                "is set without ClientId. Set the client id that the secret belongs to."
            );
        }

        if (options.AuthorizationEndpoint.Length > 0 && options.ClientId.Length == 0)
        {
            yield return new(
                nameof(options.ClientId),
                "is empty. A server without metadata cannot register the gateway: register it by hand and set ClientId."
            );
        }
    }

    private static IEnumerable<Mistake> CheckPrivateKey(AuthorizationCodeOptions options)
    {
        var (key, file) = (options.PrivateKey, options.PrivateKeyFile);
        if (options.TokenEndpointAuthMethod == "private_key_jwt" && key.Length == 0 && file.Length == 0)
        {
            yield return new(
                nameof(options.PrivateKey),
                "is empty, but TokenEndpointAuthMethod is private_key_jwt. Set the key, or name its PEM file in PrivateKeyFile."
            );
        }

        if (key.Length > 0 && file.Length > 0)
        {
            yield return new(nameof(options.PrivateKey), "is set beside PrivateKeyFile. Remove one of them.");
        }

        if (key.Length > 0 && !PrivateKeyPem.IsUsable(key))
        {
            yield return new(nameof(options.PrivateKey), "is no RSA or EC private key in PEM form without a password.");
        }

        if (file.Length > 0 && !File.Exists(file))
        {
            yield return new(nameof(options.PrivateKeyFile), $"'{file}' does not exist.");
        }
    }

    private static IEnumerable<Mistake> CheckRequest(AuthorizationCodeOptions options)
    {
        foreach (var (name, value) in options.AuthorizeParameters)
        {
            if (OwnParameters.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                yield return new(
                    $"{nameof(options.AuthorizeParameters)}:{name}",
                    "is set by the gateway itself. Remove it."
                );
            }
            else if (value is null)
            {
                yield return new($"{nameof(options.AuthorizeParameters)}:{name}", "is null. Give it a value.");
            }
        }

        if (options.ScopeSeparator.Length == 0)
        {
            yield return new(nameof(options.ScopeSeparator), "is empty. Use a space (the standard) or a comma.");
        }

        if (options.AccountMember.Length > 0 && options.AccountEndpoint.Length == 0)
        {
            yield return new(
                nameof(options.AccountMember),
                "is set without AccountEndpoint. Set the address whose answer has this member."
            );
        }

        foreach (
            var (name, scope) in options
                .Scopes.Select(static scope => (nameof(options.Scopes), scope))
                .Concat(options.AdditionalScopes.Select(static scope => (nameof(options.AdditionalScopes), scope)))
        )
        {
            if (string.IsNullOrEmpty(scope) || scope.Any(char.IsWhiteSpace))
            {
                yield return new(name, $"contains '{scope}'. Give each scope an entry of its own.");
            }
        }
    }
}
