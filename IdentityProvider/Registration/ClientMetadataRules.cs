using AspireGateway.IdentityProvider.Realms;

namespace AspireGateway.IdentityProvider.Registration;

/// <summary>An error of RFC 7591 §3.2.2, with a description for the developer of the client.</summary>
internal sealed record MetadataError(string Code, string Description)
{
    public const string InvalidRedirectUri = "invalid_redirect_uri";

    public const string InvalidClientMetadata = "invalid_client_metadata";
}

/// <summary>What is asked of every client that describes itself.</summary>
internal static class ClientMetadataRules
{
    private const int MaxRedirectUris = 16;
    private const int MaxLength = 1_000;

    private static readonly HashSet<string> GrantTypes = new(StringComparer.Ordinal)
    {
        "authorization_code",
        "refresh_token",
    };

    public static MetadataError? Check(ClientMetadata metadata, Realm realm, Func<Uri, bool> isAllowedRedirect) =>
        CheckRedirectUris(metadata, isAllowedRedirect) ?? CheckFlow(metadata) ?? CheckTexts(metadata, realm);

    private static MetadataError? CheckRedirectUris(ClientMetadata metadata, Func<Uri, bool> isAllowed)
    {
        if (metadata.RedirectUris is not { Count: > 0 and <= MaxRedirectUris } uris)
        {
            return new MetadataError(
                MetadataError.InvalidRedirectUri,
                $"redirect_uris must hold 1 to {MaxRedirectUris} redirect URIs."
            );
        }

        foreach (var text in uris)
        {
            if (
                text is null or { Length: > MaxLength }
                || text.Contains('*', StringComparison.Ordinal)
                || text.Contains('#', StringComparison.Ordinal)
                || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
                || uri.UserInfo.Length > 0
                || !isAllowed(uri)
            )
            {
                return new MetadataError(
                    MetadataError.InvalidRedirectUri,
                    "A redirect URI is not allowed. Use http://127.0.0.1, http://localhost or http://[::1] with any port and "
                        + "path, without fragment, user information or wildcard."
                );
            }
        }

        return null;
    }

    private static MetadataError? CheckFlow(ClientMetadata metadata)
    {
        if (metadata.GrantTypes?.FirstOrDefault(static type => !GrantTypes.Contains(type)) is { } grantType)
        {
            return Invalid(
                $"The grant type '{Short(grantType)}' is not supported. Use authorization_code and refresh_token."
            );
        }

        if (metadata.ResponseTypes?.FirstOrDefault(static type => type != "code") is { } responseType)
        {
            return Invalid($"The response type '{Short(responseType)}' is not supported. Use code.");
        }

        return metadata.ApplicationType is null or "native" or "web"
            ? null
            : Invalid("application_type must be native or web.");
    }

    private static MetadataError? CheckTexts(ClientMetadata metadata, Realm realm)
    {
        if (metadata.ClientName is { Length: > 100 })
        {
            return Invalid("client_name is longer than 100 characters.");
        }

        var unknown = metadata
            .Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(scope => realm.FindScope(scope) is null);
        return unknown is null ? null : Invalid($"The scope '{Short(unknown)}' does not exist in this realm.");
    }

    private static MetadataError Invalid(string description) => new(MetadataError.InvalidClientMetadata, description);

    private static string Short(string value) => value.Length <= 60 ? value : value[..60] + "…";
}
