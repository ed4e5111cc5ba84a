using AspireGateway.Gateway.IntegrationTests;
using AspireGateway.LocalHosting;
using AspireGateway.LocalHosting.Testing;

[assembly: AssemblyFixture(typeof(ComposedSystem))]

namespace AspireGateway.Gateway.IntegrationTests;

/// <summary>The system of <c>AppHost.cs</c> as real processes on dynamic ports, started once for all tests.</summary>
public sealed class ComposedSystem : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("gateway-system-").FullName;
    private DistributedApplication? _app;

    /// <summary>The aggregate endpoint.</summary>
    public Uri Mcp => new(GatewayUrl, "/mcp");

    /// <summary>Base address of the gateway.</summary>
    public Uri GatewayUrl => App.GetEndpoint("gateway", "http");

    /// <summary>The demo users' public password.</summary>
    public static string Password => "demo";

    /// <summary>Lines of the gateway's audit record.</summary>
    public IReadOnlyList<string> Audit
    {
        get
        {
            using var file = new FileStream(
                Path.Combine(_data, "gateway", "audit.jsonl"),
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite
            );
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private DistributedApplication App => _app ?? throw new InvalidOperationException("The system was not started.");

    public async ValueTask InitializeAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--DataFolder", _data, "--IdentityProvider", "embedded"],
            timeout.Token
        );
        _app = await builder.BuildAsync(timeout.Token);
        await _app.StartAsync(timeout.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }
}
