using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AspireGateway.Bench;

/// <summary>A measured process, and what it says of its memory.</summary>
internal sealed class ProcessProbe : IAsyncDisposable
{
    public const string PortVariable = "BENCH_PROBE_PORT";

    /// <summary>Asks for what is there.</summary>
    public const byte Look = 0;

    /// <summary>Collects garbage first.</summary>
    public const byte Collect = 1;

    /// <summary>Records nothing from here on, see <see cref="AuditSwitch"/>.</summary>
    public const byte AuditOff = 2;

    /// <summary>Records from here on.</summary>
    public const byte AuditOn = 3;

    private readonly Process _process;
    private readonly int _port;

    private ProcessProbe(Process process, int port) => (_process, _port) = (process, port);

    /// <summary>User and system time so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Memory that the system has given to the process, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a program with the probe inside.</summary>
    public static ProcessProbe Start(
        string assembly,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var port = Loopback.FreePort();
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(ProcessProbe).Assembly.Location;
        start.Environment[PortVariable] = port.ToString(CultureInfo.InvariantCulture);
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{assembly} could not be started.");
        return new ProcessProbe(process, port);
    }

    /// <summary>Asks the process itself.</summary>
    public async Task<ProcessState> AskAsync(byte command = Look)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        var stream = client.GetStream();
        await stream.WriteAsync(new[] { command });
        var answer = new byte[3 * sizeof(long)];
        await stream.ReadExactlyAsync(answer);
        return new ProcessState(
            BitConverter.ToInt64(answer),
            BitConverter.ToInt64(answer, sizeof(long)),
            TimeSpan.FromTicks(BitConverter.ToInt64(answer, 2 * sizeof(long)))
        );
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>What a process says of itself.</summary>
/// <param name="Allocated">Bytes allocated since the start.</param>
/// <param name="Heap">Bytes on the heap now.</param>
/// <param name="Compiling">Time that the runtime has spent compiling methods since the start.</param>
internal sealed record ProcessState(long Allocated, long Heap, TimeSpan Compiling);
