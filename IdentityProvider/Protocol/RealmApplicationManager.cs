using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore.Models;

namespace AspireGateway.IdentityProvider.Protocol;

/// <summary>
/// Compares redirect URIs as Keycloak does: the port of a loopback URI is the client's choice at run time
/// (RFC 8252 §7.3), and a registered path may end in <c>*</c>. Everything else is compared as text.
/// </summary>
internal sealed class RealmApplicationManager(
    IOpenIddictApplicationCache<OpenIddictEntityFrameworkCoreApplication> cache,
    ILogger<OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<OpenIddictEntityFrameworkCoreApplication> store
) : OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication>(cache, logger, options, store)
{
    public override async ValueTask<bool> ValidateRedirectUriAsync(
        OpenIddictEntityFrameworkCoreApplication application,
        string uri,
        CancellationToken cancellationToken = default
    )
    {
        var registered = await Store.GetRedirectUrisAsync(application, cancellationToken);
        return registered.Any(candidate => RedirectUris.Match(candidate, uri));
    }

    public override async ValueTask<bool> ValidatePostLogoutRedirectUriAsync(
        OpenIddictEntityFrameworkCoreApplication application,
        string uri,
        CancellationToken cancellationToken = default
    )
    {
        var registered = await Store.GetPostLogoutRedirectUrisAsync(application, cancellationToken);
        return registered.Any(candidate => RedirectUris.Match(candidate, uri));
    }
}

internal static class RedirectUris
{
    public static bool Match(string registered, string requested)
    {
        if (registered == requested && !registered.EndsWith('*'))
        {
            return true;
        }

        // The canonical spelling only: `http://127.0.0.1:1/a/../b` and the like never get past a pattern.
        if (
            !Uri.TryCreate(registered, UriKind.Absolute, out var pattern)
            || !Uri.TryCreate(requested, UriKind.Absolute, out var actual)
            || requested.Contains("/..", StringComparison.Ordinal)
            || requested.Contains('\\', StringComparison.Ordinal)
            || actual.UserInfo.Length > 0
            || requested.Contains('#', StringComparison.Ordinal)
        )
        {
            return false;
        }

        var loopback = Loopback.IsRedirectUri(pattern) && Loopback.IsRedirectUri(actual);
        return pattern.Scheme == actual.Scheme
            && pattern.Host == actual.Host
            && (loopback || pattern.Port == actual.Port)
            && (
                pattern.AbsolutePath.EndsWith('*')
                    ? actual.AbsolutePath.StartsWith(pattern.AbsolutePath[..^1], StringComparison.Ordinal)
                    : loopback && pattern.PathAndQuery == actual.PathAndQuery
            );
    }
}
