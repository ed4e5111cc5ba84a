using System.Net;
using System.Net.Sockets;
using AspireGateway.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>
/// Which addresses may be reached where an outsider may have chosen the URL (server-side request forgery). The resolved addresses are
/// looked at where the connection is made, so that a name cannot point elsewhere between check and use.
/// </summary>
/// <remarks>
/// What the gateway's own configuration names may be anywhere. In Development loopback is allowed too, because that is where
/// everything runs.
/// </remarks>
internal sealed class AddressGuard(IHostEnvironment environment, TrustedHosts trusted)
{
    /// <summary>Why a URL must not be asked at all, or null. Addresses are looked at later, when they are known.</summary>
    public string? Problem(Uri url) =>
        url.UserInfo.Length > 0 ? "it contains user information"
        : url.Fragment.Length > 0 ? "it contains a fragment"
        : url.Scheme == Uri.UriSchemeHttps ? null
        : url.Scheme == Uri.UriSchemeHttp && environment.IsDevelopment() && (url.IsLoopback || trusted.Contains(url))
            ? null
        : "it is not https";

    /// <summary>Whether a host has an address that must not be reached from here. One that has none is not forbidden.</summary>
    public async Task<bool> IsForbiddenAsync(Uri url, CancellationToken cancel)
    {
        if (trusted.Contains(url))
        {
            return false;
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(url.IdnHost, cancel);
            return !Array.TrueForAll(addresses, IsAllowed);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Connects, for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var end = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(end.Host, cancel);
        if (!trusted.Contains(end) && !Array.TrueForAll(addresses, IsAllowed))
        {
            throw new ForbiddenAddressException(end.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, end.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsAllowed(IPAddress address) =>
        PublicAddress.Is(address)
        || (
            environment.IsDevelopment()
            && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        );
}

/// <summary>Hosts, with their ports, that the operator's own configuration names; they may be on an internal network.</summary>
internal sealed class TrustedHosts(IOptions<TargetsOptions> targets)
{
    private readonly HashSet<string> _hosts = new(
        targets
            .Value.Values.SelectMany(static target => target.AuthorizationCode.Urls.Append(target.Url))
            .Select(static text =>
                Uri.TryCreate(text, UriKind.Absolute, out var url) ? $"{url.IdnHost}:{url.Port}" : ""
            )
            .Where(static host => host.Length > 0),
        StringComparer.OrdinalIgnoreCase
    );

    public bool Contains(Uri url) => _hosts.Contains($"{url.IdnHost}:{url.Port}");

    public bool Contains(DnsEndPoint end) => _hosts.Contains($"{end.Host}:{end.Port}");
}

/// <summary>A host resolves to an address that must not be reached from here.</summary>
internal sealed class ForbiddenAddressException(string host)
    : HttpRequestException(
        $"The host '{host}' has an address on an internal network. If that is meant, name it in the gateway's own configuration (Gateway:Targets)."
    );
