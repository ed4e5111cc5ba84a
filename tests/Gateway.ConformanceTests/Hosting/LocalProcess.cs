using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.ConformanceTests.Hosting;

/// <summary>One of this repository's programs as a process of its own, which ends with this one, however this one ends.</summary>
internal sealed class LocalProcess : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;

    private LocalProcess(Process process) => _process = process;

    /// <summary>An address that nobody listens on.</summary>
    public static string FreeUrl()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}";
    }

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
        start.Environment["LocalHosting__ParentWatch"] = "stdin";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process =
            Process.Start(start) ?? throw new InvalidOperationException($"The program {project} did not start.");
        while (!await IsListeningAsync(new Uri(url).Port, cancel))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The program {project} ended with code {process.ExitCode}.");
            }

            await Task.Delay(Poll, cancel);
        }

        return new(process);
    }

    /// <summary>Lets it end, and waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static async Task<bool> IsListeningAsync(int port, CancellationToken cancel)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
