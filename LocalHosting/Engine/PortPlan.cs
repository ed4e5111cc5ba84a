using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>Gives every endpoint its port before anything starts, and finds out which ports are taken.</summary>
internal static class PortPlan
{
    /// <summary>Aspire's own setting for dynamic ports, so that tests ask both engines in the same way.</summary>
    public const string RandomizeKey = "DcpPublisher:RandomizePorts";

    // Below the range from which systems take ports for outgoing connections: nobody else takes one in the meantime.
    private const int FirstRandom = 20000;
    private const int LastRandom = 30000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> GivenOut = [];

    public static bool IsRandom(IConfiguration configuration) => configuration.GetValue<bool>(RandomizeKey);

    /// <summary>Sets the port of every endpoint.</summary>
    public static void Allocate(IEnumerable<Resource> resources, bool random)
    {
        foreach (var endpoint in resources.SelectMany(static resource => resource.Definition.Endpoints))
        {
            endpoint.AllocatedPort = random || endpoint.Port is null ? TakeFree() : endpoint.Port;
        }
    }

    /// <summary>Names every port that is taken and who needs it.</summary>
    /// <exception cref="DistributedApplicationException">At least one is taken.</exception>
    public static void ThrowIfTaken(IReadOnlyList<(string Owner, int Port)> needed)
    {
        var taken = needed.Where(static need => IsTaken(need.Port)).ToList();
        if (taken.Count == 0)
        {
            return;
        }

        var lines = taken.Select(static need => $"Port {need.Port}, which '{need.Owner}' needs, is in use.");
        var guess =
            taken.Count > 1 && taken.Count == needed.Count
                ? "All of this system's ports are in use: it seems to be running already."
                : "Stop the program that uses it, or change the port in the project's Properties/launchSettings.json.";
        throw new DistributedApplicationException(string.Join(Environment.NewLine, [.. lines, guess]));
    }

    public static int TakeFree()
    {
        lock (Gate)
        {
            while (true)
            {
                var port = RandomNumberGenerator.GetInt32(FirstRandom, LastRandom);
                if (!GivenOut.Contains(port) && !IsTaken(port))
                {
                    GivenOut.Add(port);
                    return port;
                }
            }
        }
    }

    private static bool IsTaken(int port) => IsTaken(IPAddress.Loopback, port) || IsTaken(IPAddress.IPv6Loopback, port);

    private static bool IsTaken(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return false;
        }
        catch (SocketException exception)
        {
            // No IPv6 here is no conflict.
            return exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied;
        }
    }
}
