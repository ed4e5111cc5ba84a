using AspireGateway.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

/// <summary>The embedded provider in this process, on a dynamic port with real HTTP.</summary>
internal sealed class EmbeddedProvider : IAsyncDisposable
{
    public const string Password = "correct horse";
    public const string GatewaySecret = "gateway-secret-for-tests";
    public const string Gateway = "http://localhost:5180";
    public const string Notes = "http://localhost:5191";

    private EmbeddedProvider(WebApplication app, string realm, BoundSocket socket) =>
        (App, Realm, PublicUrl, Port) = (app, realm, socket.Url, socket.Port);

    public WebApplication App { get; }

    public string Realm { get; }

    public Uri PublicUrl { get; }

    public int Port { get; }

    public Uri Issuer => new(PublicUrl, $"/realms/{Realm}");

    public static async Task<EmbeddedProvider> StartAsync(
        string realm = "corp",
        string? dataDirectory = null,
        int port = 0,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        var socket = new BoundSocket(port);
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                EnvironmentName = Environments.Development,
                ApplicationName = "IdentityProvider",
            }
        );
        builder.WebHost.UseUrls(socket.Url.AbsoluteUri);
        builder.WebHost.UseSockets(options => options.CreateBoundListenSocket = _ => socket.Take());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["IdentityProvider:Realm"] = realm,
                ["IdentityProvider:PublicUrl"] = socket.Url.GetLeftPart(UriPartial.Authority),
                ["IdentityProvider:GatewayPublicUrl"] = Gateway,
                ["IdentityProvider:NotesPublicUrl"] = Notes,
                ["IdentityProvider:DemoPassword"] = Password,
                ["IdentityProvider:GatewayClientSecret"] = GatewaySecret,
                ["IdentityProvider:DataDirectory"] = dataDirectory,
            }
        );
        builder.Logging.ClearProviders();
        configure?.Invoke(builder);
        builder.AddIdentityProvider();
        var app = builder.Build();
        app.MapIdentityProvider();
        await app.StartAsync();
        return new EmbeddedProvider(app, realm, socket);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
