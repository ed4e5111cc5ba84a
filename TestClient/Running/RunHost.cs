using AspireGateway.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireGateway.TestClient.Running;

/// <summary>
/// The host around a run: telemetry like every process of the system, Ctrl-C, and the watch on a parent that started this
/// program. Nothing of it writes to the console.
/// </summary>
internal sealed class RunHost : IAsyncDisposable
{
    private readonly IHost _host;

    private RunHost(IHost host) => _host = host;

    /// <summary>Ends when somebody stops the program.</summary>
    public CancellationToken Stopping =>
        _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>Logs go to the telemetry export, if there is one.</summary>
    public ILoggerFactory Logging => _host.Services.GetRequiredService<ILoggerFactory>();

    /// <summary>Starts.</summary>
    public static async Task<RunHost> StartAsync(CancellationToken cancellationToken)
    {
        // Only the environment configures it: the folder that it happens to run in does not.
        var builder = new HostApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "testclient" }
        );
        builder.Configuration.AddEnvironmentVariables();
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        // What the SDK does is in the steps and spans.
        builder.Logging.AddFilter("ModelContextProtocol", LogLevel.Warning);
        builder.Services.Configure<ConsoleLifetimeOptions>(static options => options.SuppressStatusMessages = true);
        builder.AddServiceDefaults(ClientTelemetry.SourceName, ClientTelemetry.McpSdkName);
        // Also without an exporter: the SDK sends the trace context only while somebody listens to its spans.
        builder
            .Services.AddOpenTelemetry()
            .WithTracing(static tracing => tracing.AddSource(ClientTelemetry.SourceName, ClientTelemetry.McpSdkName));
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new(host);
    }

    /// <summary>Stops, and sends what telemetry is still waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        else
        {
            _host.Dispose();
        }
    }
}
