using System.Net;
using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>
/// The HTTP connections to targets, shared by both endpoints: no redirects, no cookies, no decompression, no proxy. Connections to targets
/// that the configuration does not name are guarded, and pooled apart from the others.
/// </summary>
internal sealed class UpstreamHttp : IDisposable
{
    private readonly Connector _configured = new(guard: null);
    private readonly Connector _guarded;

    public UpstreamHttp(AddressGuard guard) => _guarded = new Connector(guard);

    /// <summary>For the forwarder.</summary>
    public HttpMessageInvoker InvokerFor(Target target) => Of(target).Invoker;

    /// <summary>For MCP client connections, which have timeouts of their own.</summary>
    public HttpClient ClientFor(Target target) => Of(target).Client;

    /// <summary>For the connection of one person: sends their credential, and reports when the target refuses it.</summary>
    public HttpClient CreateClient(Target target, TargetCredential credential) =>
        new(new CredentialHandler(Of(target).Handler, credential), disposeHandler: false)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

    public void Dispose()
    {
        _configured.Dispose();
        _guarded.Dispose();
    }

    private Connector Of(Target target) => target.IsConfigured ? _configured : _guarded;

    private sealed class Connector : IDisposable
    {
        public Connector(AddressGuard? guard)
        {
            Handler = new TraceContextHandler(
                new SocketsHttpHandler
                {
                    ActivityHeadersPropagator = null,
                    // A redirect could carry a credential to another origin.
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    UseProxy = false,
                    AutomaticDecompression = DecompressionMethods.None,
                    ConnectTimeout = TimeSpan.FromSeconds(10),
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                    EnableMultipleHttp2Connections = true,
                    // What is left of an answer that nobody wants is not read to save its connection.
                    MaxResponseDrainSize = 64 * 1024,
                    ResponseDrainTimeout = TimeSpan.FromMilliseconds(200),
                    ConnectCallback = guard is null ? null : guard.ConnectAsync,
                }
            );
            Invoker = new HttpMessageInvoker(Handler, disposeHandler: false);
            Client = new HttpClient(Handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        }

        public TraceContextHandler Handler { get; }

        public HttpMessageInvoker Invoker { get; }

        public HttpClient Client { get; }

        public void Dispose()
        {
            Client.Dispose();
            Invoker.Dispose();
            Handler.Dispose();
        }
    }
}
