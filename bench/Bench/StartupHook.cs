using System.Net;
using System.Net.Sockets;
using System.Runtime;
using AspireGateway.Bench;

/// <summary>
/// Runs in each measured process before its own code (<c>DOTNET_STARTUP_HOOKS</c>), so that what it allocates can be asked for without
/// a change to it.
/// </summary>
#pragma warning disable CA1050, MA0047, S3903 // The runtime looks for a class of exactly this name, without a namespace.
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(ProcessProbe.PortVariable) is not { } port)
        {
            return;
        }

        var listener = new TcpListener(IPAddress.Loopback, int.Parse(port, provider: null));
        listener.Start();
        new Thread(() => Answer(listener)) { IsBackground = true }.Start();
    }

    private static void Answer(TcpListener listener)
    {
        while (true)
        {
            using var client = listener.AcceptTcpClient();
            using var stream = client.GetStream();
            var command = stream.ReadByte();
            if (command == ProcessProbe.Collect)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                GC.Collect();
            }

            using var writer = new BinaryWriter(stream);
            writer.Write(GC.GetTotalAllocatedBytes());
            writer.Write(GC.GetTotalMemory(forceFullCollection: false));
            writer.Write(JitInfo.GetCompilationTime().Ticks);
        }
    }
}
