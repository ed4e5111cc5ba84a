using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.TestKit.Issuers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;

namespace AspireGateway.SampleMcpServer.Tests.Notes;

/// <summary>
/// The server's own Program as <c>notes</c>, protected by a fake issuer. Its public address is not the one it listens on, as behind
/// a proxy.
/// </summary>
public sealed class NotesFixture : IAsyncLifetime
{
    public const string PublicUrl = "http://notes.example";
    public const string Resource = PublicUrl + "/mcp";
    public const string MetadataUrl = PublicUrl + "/.well-known/oauth-protected-resource/mcp";

    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private WebApplicationFactory<Program>? _server;

    public Uri Url { get; private set; } = null!;

    public FakeIssuer Issuer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Issuer = await FakeIssuer.StartNewAsync();
        _server = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
            host.UseEnvironment("Development")
                .UseSetting("SampleMcpServer:Sample", "notes")
                .UseSetting("SampleMcpServer:PublicUrl", PublicUrl)
                .UseSetting("SampleMcpServer:Authority", Issuer.BaseUrl)
                .UseUrls("http://127.0.0.1:0")
        );
        _server.UseKestrel();
        _server.StartServer();
        var addresses = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Url = new Uri(addresses.Addresses.First());
    }

    /// <summary>An access token, honest but for <paramref name="change"/>.</summary>
    public string Token(
        string scope = "notes:read",
        string subject = "alice",
        Action<JsonObject, JsonObject>? change = null
    ) =>
        Issuer.Token(
            Resource,
            (header, payload) =>
            {
                payload["scope"] = scope;
                payload["sub"] = subject;
                change?.Invoke(header, payload);
            }
        );

    /// <summary>Connects with a token, in a protocol revision.</summary>
    public async Task<McpClient> ConnectAsync(string token, string? revision, CancellationToken cancellationToken) =>
        await McpClient.CreateAsync(
            new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = new Uri(Url, "/mcp"),
                    AdditionalHeaders = new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["Authorization"] = $"Bearer {token}",
                    },
                }
            ),
            new McpClientOptions { ProtocolVersion = revision },
            cancellationToken: cancellationToken
        );

    /// <summary>Sends a body to the MCP endpoint as it is.</summary>
    public async Task<HttpResponseMessage> PostAsync(string body, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, "/mcp"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _http.SendAsync(request, cancellationToken);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken) =>
        await _http.GetAsync(new Uri(Url, path), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await Issuer.DisposeAsync();
    }
}
