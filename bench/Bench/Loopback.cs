using System.Net;
using System.Net.Sockets;

namespace AspireGateway.Bench;

/// <summary>Ports of this machine.</summary>
internal static class Loopback
{
    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>The base URL of a free port.</summary>
    public static string FreeUrl() => $"http://127.0.0.1:{FreePort()}";

    /// <summary>Waits until somebody listens there.</summary>
    public static async Task WaitAsync(string url)
    {
        var address = new Uri(url);
        for (var attempt = 0; attempt < 300; attempt++)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, address.Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException($"Nothing listens on {url}.");
    }
}
