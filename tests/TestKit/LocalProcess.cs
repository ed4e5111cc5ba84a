using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AspireGateway.TestKit;

/// <summary>One of this repository's programs as a process of its own, which ends with this one, however this one ends.</summary>
public sealed partial class LocalProcess : IAsyncDisposable
{
    private const string ParentWatch = "LocalHosting__ParentWatch";
    private const int SigTerm = 15;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly int _port;
    private readonly bool _endsWithInput;

    private LocalProcess(Process process, int port, bool endsWithInput)
    {
        _process = process;
        _port = port;
        _endsWithInput = endsWithInput;
    }

    /// <summary>Most bytes of memory that the process has used so far.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>An address that nobody listens on.</summary>
    public static string FreeUrl() => $"http://127.0.0.1:{FreePort.Take()}";

    /// <summary>Starts a program and waits until it listens.</summary>
    /// <param name="project">Name of its project.</param>
    /// <param name="url">Where it is to listen.</param>
    /// <param name="settings">Its environment variables, besides those for a quiet process of development.</param>
    /// <param name="cancel">Stops waiting.</param>
    public static async Task<LocalProcess> StartAsync(
        string project,
        string url,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancel
    )
    {
        var assembly = Repository.Program(project);
        var start = new ProcessStartInfo("dotnet", [assembly])
        {
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = url;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        // What they log belongs beside the results, not among them.
        start.Environment["Logging__Console__LogToStandardErrorThreshold"] = "Trace";
        start.Environment[ParentWatch] = "stdin";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process =
            Process.Start(start) ?? throw new InvalidOperationException($"The program {project} did not start.");
        var started = new LocalProcess(process, new Uri(url).Port, start.Environment[ParentWatch] is "stdin");
        while (!await started.IsListeningAsync(cancel))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The program {project} ended with code {process.ExitCode}.");
            }

            await Task.Delay(Poll, cancel);
        }

        return started;
    }

    /// <summary>Whether new connections are accepted.</summary>
    public async Task<bool> IsListeningAsync(CancellationToken cancel)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, _port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Asks it to end as an orchestrator does (SIGTERM).</summary>
    public void Terminate()
    {
        if (SendSignal(_process.Id, SigTerm) != 0)
        {
            throw new InvalidOperationException("The signal could not be sent.");
        }
    }

    /// <summary>Waits for its end and returns its exit code.</summary>
    public async Task<int> ExitCodeAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel);
        return _process.ExitCode;
    }

    /// <summary>Lets it end, and waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_endsWithInput && !_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
