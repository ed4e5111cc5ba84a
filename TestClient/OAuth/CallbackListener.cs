using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AspireGateway.TestClient.OAuth;

/// <summary>
/// Waits on a loopback port of its own for the browser to come back (RFC 8252 section 7.3), and serves the client's
/// metadata document beside it.
/// </summary>
/// <remarks>
/// Bare Kestrel without a web host: it starts in a few milliseconds, and no instrumentation records its requests, whose
/// queries hold the authorization code.
/// </remarks>
internal sealed class CallbackListener : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private const string CallbackPath = "/callback";
    private const string DocumentPath = "/client.json";

    private readonly KestrelServer _server;
    private readonly Lock _gate = new();
    private Pending? _pending;

    private CallbackListener()
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(IPAddress.Loopback, 0);
        _server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance
        );
    }

    /// <summary>Where authorization servers send the browser back to.</summary>
    public Uri RedirectUri { get; private set; } = null!;

    /// <summary>The URL of the metadata document, which is a client id.</summary>
    public Uri DocumentUrl { get; private set; } = null!;

    /// <summary>Starts listening on a free port of 127.0.0.1.</summary>
    public static async Task<CallbackListener> StartAsync(CancellationToken cancellationToken)
    {
        var listener = new CallbackListener();
        await listener._server.StartAsync(listener, cancellationToken);
        var address = new Uri(listener._server.Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        listener.RedirectUri = new Uri(address, CallbackPath);
        listener.DocumentUrl = new Uri(address, DocumentPath);
        return listener;
    }

    /// <summary>Expects the answer to one request from now on. There is one at a time.</summary>
    public Task<AuthorizationResponse> ExpectAsync(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        var pending = new Pending(request, Activity.Current?.Context ?? default);
        lock (_gate)
        {
            _pending = pending;
        }

        return pending.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc />
    public async Task ProcessRequestAsync(HttpContext context)
    {
        var page = Answer(context.Request);
        context.Response.StatusCode = page.Status;
        context.Response.ContentType = page.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(page.Body), context.RequestAborted);
        await context.Response.CompleteAsync();

        // Only now, so that the page is complete before the program may end.
        page.Then?.Invoke();
    }

    /// <inheritdoc />
    public void DisposeContext(HttpContext context, Exception? exception) { }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Open keep-alive connections of a browser must not hold up the end of the program.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
    }

    private CallbackPage Answer(HttpRequest request)
    {
        // A web page that lets its own name point to 127.0.0.1 must not talk to this listener.
        if (request.Host.Host != RedirectUri.Host)
        {
            return CallbackPage.Nothing;
        }

        return request.Path.Value switch
        {
            DocumentPath when HttpMethods.IsGet(request.Method) => ClientDocument.Create(DocumentUrl, RedirectUri),
            CallbackPath when HttpMethods.IsGet(request.Method) => Callback(request),
            _ => CallbackPage.Nothing,
        };
    }

    private CallbackPage Callback(HttpRequest request)
    {
        var response = AuthorizationResponse.Read(request.QueryString.Value ?? "");
        Pending? pending;
        lock (_gate)
        {
            pending =
                response is not null && _pending is not null && response.Answers(_pending.Request) ? _pending : null;
            _pending = pending is null ? _pending : null;
        }

        if (pending is null)
        {
            return CallbackPage.NotExpected;
        }

        // The person's browser has a trace of its own, if any; the span belongs to the flow and links to that one.
        using var span = ClientTelemetry.Source.StartActivity(
            ClientTelemetry.Callback,
            ActivityKind.Server,
            pending.Flow,
            links: ActivityContext.TryParse(request.Headers.TraceParent, null, isRemote: true, out var browser)
                ? [new ActivityLink(browser)]
                : null
        );
        var page = CallbackPage.For(response!, pending.Request);
        return page with { Then = () => pending.Answer.TrySetResult(response!) };
    }

    private sealed record Pending(AuthorizationRequest Request, ActivityContext Flow)
    {
        public TaskCompletionSource<AuthorizationResponse> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
