using System.Net;
using AspireGateway.Dashboard.Access;
using AspireGateway.Dashboard.Assets;
using AspireGateway.Dashboard.Pages;
using AspireGateway.Dashboard.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AspireGateway.Dashboard;

/// <summary>
/// The running dashboard: pages for a person with the login token, and an OTLP receiver for processes with the API key.
/// It takes nothing from the program that hosts it: no configuration, no environment, no files.
/// </summary>
public sealed class DashboardHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DashboardHost(WebApplication app, Uri pageUrl, Uri otlpGrpcUrl, Uri otlpHttpUrl)
    {
        _app = app;
        PageUrl = pageUrl;
        OtlpGrpcUrl = otlpGrpcUrl;
        OtlpHttpUrl = otlpHttpUrl;
    }

    /// <summary>What to open in a browser; contains the login token.</summary>
    public Uri PageUrl { get; }

    /// <summary>Value for <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> with protocol <c>grpc</c>.</summary>
    public Uri OtlpGrpcUrl { get; }

    /// <summary>Value for <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> with protocol <c>http/protobuf</c>.</summary>
    public Uri OtlpHttpUrl { get; }

    /// <summary>Starts the dashboard without an engine: it shows what sends telemetry to it.</summary>
    /// <inheritdoc cref="StartAsync(DashboardOptions, IResourceFeed, CancellationToken)" />
    public static Task<DashboardHost> StartAsync(DashboardOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, new EmptyResourceFeed(), cancellationToken);

    /// <summary>Starts the dashboard; it runs until the result is disposed.</summary>
    /// <param name="options">Addresses and secrets.</param>
    /// <param name="feed">What to show.</param>
    /// <param name="cancellationToken">Gives up starting; it does not stop a dashboard that runs.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists every mistake with its fix.</exception>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<DashboardHost> StartAsync(
        DashboardOptions options,
        IResourceFeed feed,
        CancellationToken cancellationToken
    )
    {
        var errors = DashboardOptionsValidator.Validate(options);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        }

        var app = Build(options, feed);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        // The server lists its addresses in the order in which they were configured: pages, then gRPC.
        var addresses = app.Urls.Select(static address => new Uri(address)).ToArray();
        var page = WithPort(options.Url, addresses[0]);
        var login = new Uri(page, $"/login?t={Uri.EscapeDataString(options.LoginToken)}");
        return new DashboardHost(app, login, WithPort(options.OtlpGrpcUrl, addresses[^1]), page);
    }

    /// <summary>Stops the dashboard; open live views end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(DashboardOptions options, IResourceFeed feed)
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = typeof(DashboardHost).Assembly.GetName().Name }
        );
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => Listen(server, options));
        builder.Services.IsolateFromProcess();
        if (options.LoggerFactory is { } loggerFactory)
        {
            builder.Services.AddSingleton(loggerFactory);
        }

        builder.Services.AddRouting();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(options.TimeProvider);
        builder.Services.AddSingleton(feed);
        builder.Services.AddDashboardAccess(options);
        builder.Services.AddTelemetryReceiver();
        builder.Services.AddPages();

        var app = builder.Build();
        app.UseDashboardAccess();
        app.MapAssets();
        app.MapLogin();
        app.MapHealth();
        app.MapTelemetryReceiver();
        app.MapPages();
        return app;
    }

    private static void Listen(KestrelServerOptions server, DashboardOptions options)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = OtlpMessages.MaximumBytes;
        Listen(server, options.Url, HttpProtocols.Http1);
        Listen(server, options.OtlpGrpcUrl, HttpProtocols.Http2);
    }

    private static void Listen(KestrelServerOptions server, Uri url, HttpProtocols protocols)
    {
        if (url.Port != 0 && url.HostNameType == UriHostNameType.Dns)
        {
            server.ListenLocalhost(url.Port, listen => listen.Protocols = protocols);
            return;
        }

        var address = url.HostNameType == UriHostNameType.Dns ? IPAddress.Loopback : IPAddress.Parse(url.Host);
        server.Listen(address, url.Port, listen => listen.Protocols = protocols);
    }

    private static Uri WithPort(Uri configured, Uri bound) =>
        configured.Port == 0 ? new Uri($"http://{bound.Authority}") : new Uri($"http://{configured.Authority}");
}
