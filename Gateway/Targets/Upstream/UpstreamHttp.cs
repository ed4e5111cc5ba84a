using System.Net;
using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Targets.Upstream;

/// <summary>The HTTP connections to targets, shared by both endpoints: no redirects, no cookies, no decompression, no proxy.</summary>
internal sealed class UpstreamHttp : IDisposable
{
    private readonly TraceContextHandler _handler = new(
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
        }
    );

    public UpstreamHttp()
    {
        Invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
        Client = new HttpClient(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>For the forwarder.</summary>
    public HttpMessageInvoker Invoker { get; }

    /// <summary>For MCP client connections, which have timeouts of their own.</summary>
    public HttpClient Client { get; }

    /// <summary>For the connection of one person: sends their credential, and reports when the target refuses it.</summary>
    public HttpClient CreateClient(TargetCredential credential) =>
        new(new CredentialHandler(_handler, credential), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose()
    {
        Client.Dispose();
        Invoker.Dispose();
        _handler.Dispose();
    }
}
