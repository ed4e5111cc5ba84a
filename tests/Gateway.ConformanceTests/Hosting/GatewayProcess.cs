using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AspireGateway.TestKit.Issuers;

namespace AspireGateway.Gateway.ConformanceTests.Hosting;

/// <summary>The real gateway as a process of its own, with an issuer for its callers' tokens and an empty vault.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-conformance-").FullName;
    private readonly FakeIssuer _issuer;
    private readonly Dictionary<string, string> _settings;
    private Process? _process;

    private GatewayProcess(FakeIssuer issuer, IReadOnlyDictionary<string, string> settings)
    {
        _issuer = issuer;
        _settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = Url,
            ["Logging__LogLevel__Default"] = "Warning",
            // Standard input ends with this process, however it ends.
            ["LocalHosting__ParentWatch"] = "stdin",
            ["Gateway__PublicUrl"] = Url,
            ["Gateway__Audit__Path"] = Path.Combine(_folder, "audit.jsonl"),
            ["Gateway__Vault__DataPath"] = _folder,
            ["Gateway__Inbound__Issuers__0__Name"] = "corp",
            ["Gateway__Inbound__Issuers__0__DiscoveryUrl"] = issuer.DiscoveryUrl,
            ["Gateway__Inbound__Issuers__0__SignIn__ClientId"] = "gateway",
        };
        Change(settings);
    }

    /// <summary>Where it listens, which is its public URL too.</summary>
    public string Url { get; } = FreeUrl();

    /// <summary>Starts issuer and gateway.</summary>
    /// <param name="settings">Environment variables of the gateway.</param>
    /// <param name="cancel">Stops waiting.</param>
    public static async Task<GatewayProcess> StartAsync(
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancel
    )
    {
        var gateway = new GatewayProcess(await FakeIssuer.StartNewAsync(), settings);
        await gateway.StartProcessAsync(cancel);
        return gateway;
    }

    /// <summary>A token with which an agent may use every target.</summary>
    public string Token() => _issuer.Token(Url + "/mcp");

    /// <summary>Starts again with other settings; what is in the vault stays.</summary>
    public async Task RestartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancel)
    {
        await StopProcessAsync(cancel);
        Change(settings);
        await StartProcessAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await StopProcessAsync(CancellationToken.None);
        await _issuer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Change(IReadOnlyDictionary<string, string> settings)
    {
        foreach (var (name, value) in settings)
        {
            _settings[name] = value;
        }
    }

    private async Task StartProcessAsync(CancellationToken cancel)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly()])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("The gateway did not start.");
        while (!await IsListeningAsync(cancel))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The gateway ended with code {_process.ExitCode}.");
            }

            await Task.Delay(Poll, cancel);
        }
    }

    private async Task StopProcessAsync(CancellationToken cancel)
    {
        if (_process is { } process)
        {
            _process = null;
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancel);
            process.Dispose();
        }
    }

    private async Task<bool> IsListeningAsync(CancellationToken cancel)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, new Uri(Url).Port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // artifacts/bin/Gateway.ConformanceTests/<configuration>/ → artifacts/bin/Gateway/<configuration>/Gateway.dll
    private static string Assembly()
    {
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        return Path.GetFullPath(Path.Combine(own, "..", "..", "Gateway", Path.GetFileName(own), "Gateway.dll"));
    }

    private static string FreeUrl()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}";
    }
}
