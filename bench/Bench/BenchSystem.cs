using AspireGateway.TestKit.Issuers;

namespace AspireGateway.Bench;

/// <summary>Target, bare proxy and gateways as processes, and an issuer for the gateways' tokens.</summary>
internal sealed class BenchSystem : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-bench-").FullName;

    public const int FewUsers = 10;
    public const int ManyUsers = 10_000;

    // The names of the targets that want a person's own token.
    public static readonly string[] PersonalTargets = ["p1", "p2", "p3", "p4", "p5"];

    private static readonly string Self = typeof(BenchSystem).Assembly.Location;

    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private readonly List<ProcessProbe> _processes = [];
    private readonly Dictionary<ProcessProbe, string> _folders = [];

    private BenchSystem(FakeIssuer issuer) => Issuer = issuer;

    public FakeIssuer Issuer { get; }

    public Server Target { get; private set; } = null!;

    public Server Proxy { get; private set; } = null!;

    /// <summary>The gateway as it is by default.</summary>
    public Server Gateway { get; private set; } = null!;

    /// <summary>Starts everything.</summary>
    /// <param name="fillVault">Puts a grant for every user at every target into the gateway's vault first.</param>
    public static async Task<BenchSystem> StartAsync(bool fillVault)
    {
        var system = new BenchSystem(await FakeIssuer.StartNewAsync());
        var target = Loopback.FreeUrl();
        system.Target = await system.StartAsync(target, Self, ["target", target]);
        var proxy = Loopback.FreeUrl();
        system.Proxy = await system.StartAsync(proxy, Self, ["proxy", proxy, target]);
        var gateway = Loopback.FreeUrl();
        if (fillVault)
        {
            await VaultFill.RunAsync(system.GatewaySettings(gateway, "default"), target + "/mcp");
        }

        system.Gateway = await system.StartGatewayAsync(gateway, "default", []);
        return system;
    }

    /// <summary>Starts one more gateway that differs from the default one in some settings (names of environment variables).</summary>
    public Task<Server> StartGatewayAsync(string name, params (string Name, string Value)[] differences) =>
        StartGatewayAsync(Loopback.FreeUrl(), name, differences);

    /// <summary>Stops a process that was started, and deletes what it wrote: a second of full load is some megabytes of audit record.</summary>
    public async Task StopAsync(ProcessProbe process)
    {
        _processes.Remove(process);
        await process.DisposeAsync();
        if (_folders.Remove(process, out var folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Starts a receiver of telemetry.</summary>
    public Task<Server> StartSinkAsync()
    {
        var url = Loopback.FreeUrl();
        return StartAsync(url, Self, ["sink", url]);
    }

    /// <summary>Subject of a numbered user.</summary>
    public static string UserOf(int number) => $"person-{number}";

    /// <summary>An access token for a gateway that outlives the run; one for each user.</summary>
    public string Token(string subject, Server? gateway = null)
    {
        var resource = (gateway ?? Gateway).Url + "/mcp";
        if (!_tokens.TryGetValue(resource + subject, out var token))
        {
            token = Issuer.Token(
                resource,
                (_, payload) =>
                {
                    payload["sub"] = subject;
                    payload["exp"] = payload["iat"]!.GetValue<long>() + 3600;
                }
            );
            _tokens[resource + subject] = token;
        }

        return token;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        await Issuer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Server> StartGatewayAsync(string url, string name, (string Name, string Value)[] differences)
    {
        var settings = GatewaySettings(url, name);
        foreach (var (key, value) in differences)
        {
            settings[key] = value;
        }

        var gateway = await StartAsync(url, GatewayAssembly(), [], settings);
        _folders[gateway.Process] = FolderOf(name);
        return gateway;
    }

    private async Task<Server> StartAsync(
        string url,
        string assembly,
        string[] arguments,
        Dictionary<string, string>? environment = null
    )
    {
        var process = ProcessProbe.Start(assembly, arguments, environment ?? []);
        _processes.Add(process);
        await Loopback.WaitAsync(url);
        return new Server(url, process);
    }

    private Dictionary<string, string> GatewaySettings(string url, string name)
    {
        var folder = Directory.CreateDirectory(FolderOf(name)).FullName;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = url,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Logging__LogLevel__Default"] = "Warning",
            ["Gateway__PublicUrl"] = url,
            ["Gateway__Audit__Path"] = Path.Combine(folder, "audit"),
            ["Gateway__Vault__DataPath"] = folder,
            ["Gateway__Inbound__Issuers__0__Name"] = "bench",
            ["Gateway__Inbound__Issuers__0__DiscoveryUrl"] = Issuer.DiscoveryUrl,
            ["Gateway__Inbound__Issuers__0__SignIn__ClientId"] = "bench",
            ["Gateway__Inbound__TokenCacheSize"] = "20000",
            ["Gateway__Targets__bench__Url"] = Target.Url + "/mcp",
        };
        foreach (var target in PersonalTargets)
        {
            var prefix = $"Gateway__Targets__{target}__";
            settings[prefix + "Url"] = Target.Url + "/mcp";
            settings[prefix + "Credential"] = "authorization_code";
            settings[prefix + "AuthorizationCode__AuthorizationEndpoint"] = Target.Url + "/authorize";
            settings[prefix + "AuthorizationCode__TokenEndpoint"] = Target.Url + "/token";
            settings[prefix + "AuthorizationCode__ClientId"] = "bench";
        }

        return settings;
    }

    private string FolderOf(string name) => Path.Combine(_folder, name);

    // artifacts/bin/Bench/<configuration>/Bench.dll → artifacts/bin/Gateway/<configuration>/Gateway.dll
    private static string GatewayAssembly()
    {
        var folder = Path.GetDirectoryName(Self)!;
        return Path.GetFullPath(Path.Combine(folder, "..", "..", "Gateway", Path.GetFileName(folder), "Gateway.dll"));
    }
}

/// <summary>A process that answers at a URL.</summary>
internal sealed record Server(string Url, ProcessProbe Process);
