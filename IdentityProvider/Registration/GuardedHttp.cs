using System.Net;
using System.Net.Sockets;
using AspireGateway.ServiceDefaults;

namespace AspireGateway.IdentityProvider.Registration;

/// <summary>
/// HTTP to an address that an outsider chose. The resolved addresses are checked where the connection is made, so a name
/// cannot point elsewhere between check and use. No proxy, no redirects, no cookies.
/// </summary>
internal static class GuardedHttp
{
    public static SocketsHttpHandler CreateHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        };

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var local = Loopback.IsLoopbackHost(context.InitialRequestMessage.RequestUri!);
        if (!Array.TrueForAll(addresses, address => local ? IPAddress.IsLoopback(address) : PublicAddress.Is(address)))
        {
            throw new HttpRequestException("The host has an address that must not be reached from here.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
