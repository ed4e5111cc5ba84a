using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;

namespace AspireGateway.TestClient.Tests.Fakes;

/// <summary>
/// An MCP server and the authorization server that protects it, on one dynamic port. It keeps what it saw, and it can lie.
/// </summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Seen> _seen = new();

    private FakeServer(FakeBehaviour behaviour)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        builder
            .Services.AddMcpServer(static o => o.ServerInfo = new() { Name = "fake", Version = "1" })
            .WithHttpTransport(options =>
                options.SessionMode = behaviour.Sessions
                    ? HttpServerSessionMode.StatefulForInitializeClients
                    : HttpServerSessionMode.Stateless
            )
            .WithRequestFilters(filters => filters.AddCallToolFilter(next => Consents!.Filter(next)))
            .WithTools<FakeTools>();
        builder.Services.AddHttpContextAccessor();
        _app = builder.Build();
        Authorization = new(this, behaviour);
        Consents = new(this, behaviour);
        _app.Use(RecordAsync);
        _app.Use(Authorization.ProtectAsync);
        _app.UseRouting();
        Authorization.Map(_app);
        Consents.Map(_app);
        _app.MapMcp("/mcp");
    }

    public Uri Url { get; private set; } = null!;

    public Uri Mcp => new(Url, "/mcp");

    public FakeAuthorization Authorization { get; }

    public FakeConsents Consents { get; }

    /// <summary>Every request so far.</summary>
    public IReadOnlyList<Seen> Requests => [.. _seen];

    public static async Task<FakeServer> StartAsync(FakeBehaviour? behaviour = null)
    {
        var server = new FakeServer(behaviour ?? new());
        await server._app.StartAsync();
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.Url = new Uri(addresses.Addresses.Single());
        return server;
    }

    /// <summary>The requests to a path.</summary>
    public IReadOnlyList<Seen> To(string path) => [.. _seen.Where(seen => seen.Path == path)];

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task RecordAsync(HttpContext context, RequestDelegate next)
    {
        _seen.Enqueue(await Seen.OfAsync(context.Request));
        await next(context);
    }
}
