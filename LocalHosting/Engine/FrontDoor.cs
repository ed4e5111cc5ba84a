using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Yarp.ReverseProxy.Forwarder;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>The address of a resource with replicas: sends each request to another of them, and none to one that is not healthy.</summary>
internal sealed class FrontDoor : IRunning
{
    // It passes the caller's trace on as it came: it is no part of the system that is looked at.
    private readonly HttpMessageInvoker _invoker = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
        }
    );

    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Resource _resource;
    private readonly ResourceBoard _board;
    private readonly WebApplication _app;
    private int _turn;

    private FrontDoor(Resource resource, ResourceBoard board)
    {
        (_resource, _board) = (resource, board);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(server =>
            {
                // The replicas have their own limits.
                server.Limits.MaxRequestBodySize = null;
                foreach (var endpoint in resource.Definition.Endpoints)
                {
                    server.ListenLocalhost(endpoint.AllocatedPort!.Value);
                }
            });
        builder.Services.AddHttpForwarder().AddSingleton<IHostLifetime, EngineLifetime>();
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    /// <summary>It runs in the engine itself.</summary>
    public int Id => Environment.ProcessId;

    public Task<int> Exit => _exit.Task;

    public static async Task<FrontDoor> StartAsync(Resource resource, ResourceBoard board, CancellationToken cancel)
    {
        var door = new FrontDoor(resource, board);
        await door._app.StartAsync(cancel);
        return door;
    }

    public async Task<bool> StopAsync(TimeSpan time, TimeProvider clock)
    {
        using var limit = new CancellationTokenSource(time, clock);
        await _app.StopAsync(limit.Token);
        _exit.TrySetResult(0);
        return !limit.IsCancellationRequested;
    }

    public void Kill() => _exit.TrySetResult(0);

    public void Dispose()
    {
        ((IDisposable)_app).Dispose();
        _invoker.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        if (Next() is not { } replica)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync($"No replica of {_resource.Name} is healthy.", context.RequestAborted);
            return;
        }

        var endpoint = _resource.Definition.Endpoints.First(one => one.AllocatedPort == context.Connection.LocalPort);
        var destination = new EndpointReference(replica, endpoint.Name).Url;
        await context.RequestServices.GetRequiredService<IHttpForwarder>().SendAsync(context, destination, _invoker);
    }

    private ProjectResource? Next()
    {
        var replicas = _resource.Definition.FrontOf;
        var turn = (uint)Interlocked.Increment(ref _turn);
        return Enumerable
            .Range(0, replicas.Count)
            .Select(step => replicas[(int)((turn + (uint)step) % (uint)replicas.Count)])
            .FirstOrDefault(replica => ResourceLife.IsUp(_board.Find(replica.Name)!, replica.Definition));
    }

    /// <summary>Starts and stops with the engine, not with Ctrl-C.</summary>
    private sealed class EngineLifetime : IHostLifetime
    {
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
