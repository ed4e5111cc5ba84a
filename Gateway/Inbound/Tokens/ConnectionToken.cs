using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Primitives;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>
/// The token that a connection sent last, with its key in the cache: hashing it is the dearest part of a check whose signature is
/// known to be good. Kestrel hands out the same string again while a client repeats a header, so that comparing references is enough.
/// </summary>
internal sealed class ConnectionToken
{
    private string? _header;
    private AccessTokenCache.Key _key;

    /// <summary>The key of the token in this header, when it is the very header of the request before.</summary>
    public static bool TryFind(HttpContext context, StringValues header, out AccessTokenCache.Key key)
    {
        if (
            header is [{ } only]
            && ItemsOf(context) is { } items
            && items.TryGetValue(typeof(ConnectionToken), out var item)
            && item is ConnectionToken last
            && ReferenceEquals(last._header, only)
        )
        {
            key = last._key;
            return true;
        }

        key = default;
        return false;
    }

    /// <summary>Keeps it for the next request.</summary>
    public static void Keep(HttpContext context, string header, AccessTokenCache.Key key)
    {
        if (ItemsOf(context) is not { } items)
        {
            return;
        }

        if (!items.TryGetValue(typeof(ConnectionToken), out var item) || item is not ConnectionToken last)
        {
            items[typeof(ConnectionToken)] = last = new ConnectionToken();
        }

        last._header = header;
        last._key = key;
    }

    // Requests of an HTTP/2 connection run side by side, and its headers are new strings each time.
    private static IDictionary<object, object?>? ItemsOf(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol) ? context.Features.Get<IConnectionItemsFeature>()?.Items : null;
}
