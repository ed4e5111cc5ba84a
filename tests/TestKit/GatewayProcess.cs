using AspireGateway.TestKit.Issuers;

namespace AspireGateway.TestKit;

/// <summary>The real gateway as a process of its own, with an issuer for its callers' tokens and an empty vault.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-process-").FullName;
    private readonly FakeIssuer _issuer;
    private readonly Dictionary<string, string> _settings;
    private LocalProcess? _process;

    private GatewayProcess(FakeIssuer issuer, IReadOnlyDictionary<string, string> settings)
    {
        _issuer = issuer;
        _settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Gateway__PublicUrl"] = Url,
            ["Gateway__Audit__Path"] = Path.Combine(_folder, "audit"),
            ["Gateway__Vault__DataPath"] = _folder,
            ["Gateway__Inbound__Issuers__0__Name"] = "corp",
            ["Gateway__Inbound__Issuers__0__DiscoveryUrl"] = issuer.DiscoveryUrl,
            ["Gateway__Inbound__Issuers__0__SignIn__ClientId"] = "gateway",
        };
        Change(settings);
    }

    /// <summary>Where it listens, which is its public URL too.</summary>
    public string Url { get; } = LocalProcess.FreeUrl();

    /// <summary>The process that runs now.</summary>
    public LocalProcess Process => _process ?? throw new InvalidOperationException("The gateway does not run.");

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

    /// <summary>A client of it, once it says that it is ready.</summary>
    public async Task<HttpClient> CreateReadyClientAsync(CancellationToken cancel)
    {
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(Url) };
        while (true)
        {
            using var health = await client.GetAsync("/health", cancel);
            if (health.IsSuccessStatusCode)
            {
                return client;
            }

            await Task.Delay(50, cancel);
        }
    }

    /// <summary>Starts again with other settings; what is in the vault stays.</summary>
    public async Task RestartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancel)
    {
        await StopProcessAsync();
        Change(settings);
        await StartProcessAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await StopProcessAsync();
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

    private async Task StartProcessAsync(CancellationToken cancel) =>
        _process = await LocalProcess.StartAsync("Gateway", Url, _settings, cancel);

    private async Task StopProcessAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }
}
