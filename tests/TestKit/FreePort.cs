using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace AspireGateway.TestKit;

/// <summary>Ports for programs that have to be told where to listen, and do so a while later.</summary>
public static class FreePort
{
    // Below the range from which systems take ports for outgoing connections, and apart from where the local hosting engine looks:
    // nobody else takes one before the program has it.
    private const int First = 10000;
    private const int Last = 20000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> GivenOut = [];

    /// <summary>A loopback port that nobody listens on, each time another one.</summary>
    public static int Take()
    {
        lock (Gate)
        {
            while (true)
            {
                var port = RandomNumberGenerator.GetInt32(First, Last);
                if (IsFree(port) && GivenOut.Add(port))
                {
                    return port;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
