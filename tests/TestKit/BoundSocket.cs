using System.Net;
using System.Net.Sockets;

namespace AspireGateway.TestKit;

/// <summary>
/// A dynamic loopback port that is known before the server exists, for servers whose configuration holds their own URL.
/// The socket is bound from the start, so nobody else can take the port in between. Give it to Kestrel with
/// <c>UseSockets(o => o.CreateBoundListenSocket = _ => socket.Take())</c>.
/// </summary>
public sealed class BoundSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Binds to a free port, or to the given one for a server that comes back.</summary>
    public BoundSocket(int port = 0) => _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>The URL of a server on it.</summary>
    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <summary>Hands the socket over; its new owner closes it.</summary>
    public Socket Take() => _socket;

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();
}
