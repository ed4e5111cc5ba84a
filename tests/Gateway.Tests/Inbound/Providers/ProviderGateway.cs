using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound.Tokens;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit;
using AspireGateway.TestKit.Issuers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Inbound.Providers;

/// <summary>
/// A gateway in production with a sample of <c>docs/identity-providers.md</c> as it is, URLs included. A fake issuer plays the
/// provider: it publishes the provider's discovery document and signs tokens of its shape.
/// </summary>
internal sealed class ProviderGateway : IAsyncDisposable
{
    public const string Resource = "https://gateway.example.com/mcp";

    // The tokens of the fixtures were "issued" at this time.
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_010);

    private readonly GatewayHost _host;
    private readonly ECDsa _ellipticKey;

    private ProviderGateway(GatewayHost host, ECDsa ellipticKey, HttpClient client)
    {
        _host = host;
        _ellipticKey = ellipticKey;
        Client = client;
    }

    /// <summary>Talks to the gateway.</summary>
    public HttpClient Client { get; }

    public GatewayHost Host => _host;

    public static string SamplePath(string sample) => Repository.File($"docs/samples/identity-providers/{sample}.json");

    /// <summary>A fixture of the provider that the sample is for.</summary>
    public static JsonObject Fixture(string sample, string name) =>
        JsonNode
            .Parse(File.ReadAllText(Repository.File($"tests/Gateway.Tests/Inbound/Providers/{sample}/{name}.json")))!
            .AsObject();

    /// <summary>Starts the gateway with a sample.</summary>
    public static async Task<ProviderGateway> StartAsync(string sample)
    {
        var settings = new ConfigurationBuilder().AddJsonFile(SamplePath(sample)).Build();
        var discovery = Fixture(sample, "discovery");
        var host = await GatewayHost.StartAsync(
            "Production",
            new FakeTimeProvider(Now),
            [
                .. settings
                    .AsEnumerable()
                    .Where(static setting => !setting.Key.StartsWith("Gateway:Targets", StringComparison.Ordinal))
                    .Where(static setting => setting.Value is not null)
                    .Select(static setting => (setting.Key, setting.Value)),
            ]
        );
        var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var header = Fixture(sample, "access-token")["header"]!;
        var keyId = (string)header["kid"]!;
        host.ClientOptions.BaseAddress = new Uri(Resource);
        host.Issuer.Document = discovery;
        host.Issuer.MoreKeys.Add(
            (string)header["alg"]! is "ES256"
                ? EllipticJwk(elliptic, keyId)
                : (host.Issuer.SigningKey with { Id = keyId }).ToJwk()
        );
        var known = new[] { settings["Gateway:Inbound:Issuers:0:DiscoveryUrl"]!, (string)discovery["jwks_uri"]! };
        host.ChangeServices = services =>
            services
                .AddHttpClient(IssuerRegistry.HttpClientName)
                .ConfigurePrimaryHttpMessageHandler(() => new ToFakeIssuer(host.Issuer.BaseUrl, known));
        return new ProviderGateway(host, elliptic, await host.CreateReadyClientAsync());
    }

    /// <summary>Signs a header and payload as the provider would.</summary>
    public string Sign(JsonObject token)
    {
        var (header, payload) = (token["header"]!.AsObject(), token["payload"]!.AsObject());
        return (string)header["alg"]! is "ES256"
            ? Jws.Sign(header, payload, _ellipticKey)
            : Jws.Sign(header, payload, _host.Issuer.SigningKey.Rsa);
    }

    /// <summary>Calls a tool with a token.</summary>
    public Task<McpAnswer> CallAsync(JsonObject token) =>
        Client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), Sign(token));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        _ellipticKey.Dispose();
    }

    private static JsonObject EllipticJwk(ECDsa key, string id)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["use"] = "sig",
            ["alg"] = "ES256",
            ["kid"] = id,
            ["x"] = Base64Url.EncodeToString(point.X!),
            ["y"] = Base64Url.EncodeToString(point.Y!),
        };
    }

    /// <summary>Leads requests for the provider's documents to the fake, and fails every other.</summary>
    private sealed class ToFakeIssuer(string baseUrl, string[] known) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            var url = request.RequestUri!;
            if (!known.Contains(url.AbsoluteUri, StringComparer.Ordinal))
            {
                throw new HttpRequestException($"The provider publishes nothing at {url}.");
            }

            request.RequestUri = new Uri(baseUrl + url.AbsolutePath);
            return base.SendAsync(request, cancel);
        }
    }
}
