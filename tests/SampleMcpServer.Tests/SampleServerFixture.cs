using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;

namespace AspireGateway.SampleMcpServer.Tests;

/// <summary>The server's own Program on Kestrel and a dynamic port; clients speak to it as they would from outside.</summary>
public class SampleServerFixture : IDisposable
{
    private readonly WebApplicationFactory<Program> _server;

    public SampleServerFixture()
        : this("weather") { }

    protected SampleServerFixture(string sample)
    {
        _server = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            host.UseEnvironment("Development")
                .UseSetting("SampleMcpServer:Sample", sample)
                .UseUrls("http://127.0.0.1:0")
                .ConfigureServices(services => services.AddSingleton<ILoggerProvider>(ToolLog))
        );
        _server.UseKestrel();
        _server.StartServer();
        var addresses = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Url = new Uri(addresses.Addresses.First());
    }

    /// <summary>Where the server listens.</summary>
    public Uri Url { get; }

    /// <summary>What the server logs.</summary>
    public ToolLog ToolLog { get; } = new();

    /// <summary>Connects with a protocol revision; null lets the SDK choose the newest.</summary>
    public Task<McpClient> ConnectAsync(string? revision, CancellationToken cancellationToken) =>
        ConnectAsAsync(new McpClientOptions { ProtocolVersion = revision }, cancellationToken);

    /// <summary>Connects as a client that can do more, or less, than others.</summary>
    public async Task<McpClient> ConnectAsAsync(McpClientOptions options, CancellationToken cancellationToken) =>
        await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(Url, "/mcp") }),
            options,
            cancellationToken: cancellationToken
        );

    public void Dispose()
    {
        _server.Dispose();
        GC.SuppressFinalize(this);
    }
}
