using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AspireGateway.TestKit.Issuers;

namespace AspireGateway.Bench;

/// <summary>Target, bare proxy and gateway as processes, and an issuer for the gateway's tokens.</summary>
internal sealed class BenchSystem : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-bench-").FullName;

    public const int FewUsers = 10;
    public const int ManyUsers = 10_000;

    // The names of the targets that want a person's own token.
    public static readonly string[] PersonalTargets = ["p1", "p2", "p3", "p4", "p5"];

    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    public required FakeIssuer Issuer { get; init; }
    public string TargetUrl { get; } = FreeUrl();
    public string ProxyUrl { get; } = FreeUrl();
    public string GatewayUrl { get; } = FreeUrl();
    public Process Target { get; private set; } = null!;
    public Process Proxy { get; private set; } = null!;
    public Process Gateway { get; private set; } = null!;

    public static async Task<BenchSystem> StartAsync()
    {
        var system = new BenchSystem { Issuer = await FakeIssuer.StartNewAsync() };
        var self = typeof(BenchSystem).Assembly.Location;
        system.Target = Start(self, ["target", system.TargetUrl], []);
        await WaitAsync(system.TargetUrl);
        system.Proxy = Start(self, ["proxy", system.ProxyUrl, system.TargetUrl], []);
        await VaultFill.RunAsync(system.GatewaySettings(), system.TargetUrl + "/mcp");
        system.Gateway = Start(GatewayAssembly(self), [], system.GatewaySettings());
        await WaitAsync(system.ProxyUrl);
        await WaitAsync(system.GatewayUrl);
        return system;
    }

    /// <summary>Subject of a numbered user.</summary>
    public static string UserOf(int number) => $"person-{number}";

    /// <summary>An access token that outlives the run; one for each user.</summary>
    public string Token(string subject)
    {
        if (!_tokens.TryGetValue(subject, out var token))
        {
            token = Issuer.Token(
                GatewayUrl + "/mcp",
                (_, payload) =>
                {
                    payload["sub"] = subject;
                    payload["exp"] = payload["iat"]!.GetValue<long>() + 3600;
                }
            );
            _tokens[subject] = token;
        }

        return token;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { Gateway, Proxy, Target })
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await Issuer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Dictionary<string, string> GatewaySettings()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = GatewayUrl,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Logging__LogLevel__Default"] = "Warning",
            ["Gateway__PublicUrl"] = GatewayUrl,
            ["Gateway__Audit__Path"] = Path.Combine(_folder, "audit.jsonl"),
            ["Gateway__Vault__DataPath"] = _folder,
            ["Gateway__Inbound__Issuers__0__Name"] = "bench",
            ["Gateway__Inbound__Issuers__0__DiscoveryUrl"] = Issuer.DiscoveryUrl,
            ["Gateway__Inbound__Issuers__0__SignIn__ClientId"] = "bench",
            ["Gateway__Inbound__TokenCacheSize"] = "20000",
            ["Gateway__Targets__bench__Url"] = TargetUrl + "/mcp",
        };
        foreach (var target in PersonalTargets)
        {
            var prefix = $"Gateway__Targets__{target}__";
            settings[prefix + "Url"] = TargetUrl + "/mcp";
            settings[prefix + "Credential"] = "authorization_code";
            settings[prefix + "AuthorizationCode__AuthorizationEndpoint"] = TargetUrl + "/authorize";
            settings[prefix + "AuthorizationCode__TokenEndpoint"] = TargetUrl + "/token";
            settings[prefix + "AuthorizationCode__ClientId"] = "bench";
        }

        return settings;
    }

    // artifacts/bin/Bench/<configuration>/Bench.dll → artifacts/bin/Gateway/<configuration>/Gateway.dll
    private static string GatewayAssembly(string self)
    {
        var configuration = Path.GetFileName(Path.GetDirectoryName(self)!);
        return Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(self)!, "..", "..", "Gateway", configuration, "Gateway.dll")
        );
    }

    private static Process Start(string assembly, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{assembly} did not start.");
    }

    private static async Task WaitAsync(string url)
    {
        var address = new Uri(url);
        for (var attempt = 0; attempt < 200; attempt++)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, address.Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException($"Nothing listens on {url}.");
    }

    private static string FreeUrl()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}";
    }
}
