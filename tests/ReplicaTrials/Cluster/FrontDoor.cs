using AspireGateway.TestKit;
using Yarp.ReverseProxy.Forwarder;

namespace AspireGateway.ReplicaTrials.Cluster;

/// <summary>The one public URL: sends each request to the other replica.</summary>
internal sealed class FrontDoor : IAsyncDisposable
{
    private readonly HttpMessageInvoker _invoker = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        }
    );

    private WebApplication? _app;
    private IReadOnlyList<Replica> _replicas = [];
    private int _turn;

    /// <summary>Told of each request before it is sent on.</summary>
    public Action<PathString, Replica>? Forwarding { get; set; }

    public async Task StartAsync(Uri url, IReadOnlyList<Replica> replicas, CancellationToken cancel)
    {
        _replicas = replicas;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{url.Port}");
        builder.Services.AddHttpForwarder();
        _app = builder.Build();
        var forwarder = _app.Services.GetRequiredService<IHttpForwarder>();
        _app.Run(async context =>
        {
            if (Next() is not { } replica)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            Forwarding?.Invoke(context.Request.Path, replica);
            await forwarder.SendAsync(context, replica.Url, _invoker);
        });
        await _app.StartAsync(cancel);
    }

    /// <summary>A URL for it that nobody listens on yet.</summary>
    public static Uri FreeUrl() => new($"http://localhost:{FreePort.Take()}");

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _invoker.Dispose();
    }

    private Replica? Next()
    {
        for (var i = 0; i < _replicas.Count; i++)
        {
            var replica = _replicas[(int)((uint)Interlocked.Increment(ref _turn) % (uint)_replicas.Count)];
            if (replica.IsUp)
            {
                return replica;
            }
        }

        return null;
    }
}
