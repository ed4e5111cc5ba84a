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

        AuditSwitch.Prepare();
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
            switch (command)
            {
                case ProcessProbe.Collect:
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    GC.Collect();
                    break;
                case ProcessProbe.AuditOff or ProcessProbe.AuditOn:
                    AuditSwitch.Set(isOff: command == ProcessProbe.AuditOff);
                    break;
            }

            using var writer = new BinaryWriter(stream);
            writer.Write(GC.GetTotalAllocatedBytes());
            writer.Write(GC.GetTotalMemory(forceFullCollection: false));
            writer.Write(JitInfo.GetCompilationTime().Ticks);
        }
    }
}
