using System.Net;
using AspireGateway.Gateway.Targets.Upstream;

namespace AspireGateway.Gateway.Outbound.Http;

/// <summary>
/// HTTP to addresses that an outsider may have chosen: guarded where the connection is made; no proxy, no redirects, no cookies.
/// </summary>
internal sealed class OutboundHttp(AddressGuard guard)
{
    /// <summary>Name of the client in <see cref="IHttpClientFactory"/>.</summary>
    public const string ClientName = "outbound";

    public SocketsHttpHandler CreateHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 32,
            ConnectCallback = guard.ConnectAsync,
        };

    /// <inheritdoc cref="AddressGuard.Problem" />
    public string? Problem(Uri url) => guard.Problem(url);
}
