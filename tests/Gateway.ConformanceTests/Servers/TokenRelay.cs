using System.Net;
using System.Net.Http.Headers;
using AspireGateway.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace AspireGateway.Gateway.ConformanceTests.Servers;

/// <summary>
/// Stands before the gateway and adds the token of a signed-in person, since the suite sends none. What names the relay itself in
/// <c>Host</c> and <c>Origin</c> is made to name the gateway; anything else there is the gateway's to judge.
/// </summary>
internal sealed class TokenRelay : HttpTransformer, IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GatewayProcess _gateway;
    private readonly HttpMessageInvoker _client = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
        }
    );

    private TokenRelay(WebApplication app, GatewayProcess gateway)
    {
        _app = app;
        _gateway = gateway;
    }

    /// <summary>Where it listens.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Starts it before a gateway.</summary>
    public static async Task<TokenRelay> StartAsync(GatewayProcess gateway)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        var relay = new TokenRelay(app, gateway);
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        app.Run(async context =>
            await forwarder.SendAsync(context, gateway.Url, relay._client, ForwarderRequestConfig.Empty, relay)
        );
        await app.StartAsync();
        relay.Url = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        return relay;
    }

    /// <inheritdoc />
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext,
        HttpRequestMessage proxyRequest,
        string destinationPrefix,
        CancellationToken cancellationToken
    )
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var own = new Uri(Url).Authority;
        var gateway = new Uri(_gateway.Url).Authority;
        proxyRequest.Headers.Host = httpContext.Request.Host.Value!.Replace(own, gateway, StringComparison.Ordinal);
        if (httpContext.Request.Headers.Origin is [{ } origin])
        {
            proxyRequest.Headers.Remove("Origin");
            proxyRequest.Headers.Add("Origin", origin.Replace(own, gateway, StringComparison.Ordinal));
        }

        // A fresh one for each request: they do not live as long as the suite may take.
        proxyRequest.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _gateway.Token());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }
}
