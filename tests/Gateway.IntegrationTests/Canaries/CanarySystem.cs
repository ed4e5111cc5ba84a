using System.Security.Cryptography;
using AspireGateway.Dashboard.Telemetry.Protos;
using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.LocalHosting;
using AspireGateway.LocalHosting.Testing;
using AspireGateway.TestKit;
using Google.Protobuf;

namespace AspireGateway.Gateway.IntegrationTests.Canaries;

/// <summary>The composed system with every secret chosen that can be, its telemetry taken, and a relay in front of the third party.</summary>
/// <param name="keycloak">Keycloak as the identity provider, or the embedded one.</param>
internal sealed class CanarySystem(bool keycloak) : IAsyncDisposable
{
    private static readonly string[] KeyFiles = ["vault.key", "anchors.pem"];

    private readonly string _data = Directory.CreateTempSubdirectory("canary-").FullName;
    private TokenRelay? _relay;
    private TelemetryTee? _telemetry;
    private DistributedApplication? _app;

    private static string Protocol => "/realms/partner/protocol/openid-connect";

    public string Password { get; } = "Canary-Password+" + RandomNumberGenerator.GetHexString(12);

    public string ClientSecret { get; } = "CanaryClientSecret" + RandomNumberGenerator.GetHexString(24);

    public SecretSearch Secrets { get; } = new();

    public TokenRelay Relay => _relay ?? throw new InvalidOperationException("The system was not started.");

    public Uri Mcp => new(App.GetEndpoint("gateway", "http"), "/mcp");

    public Uri Issuer => new(App.GetEndpoint(Corp, "http"), "/realms/corp");

    /// <summary>Every span so far, as it was sent.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => Telemetry.Spans;

    /// <summary>Name of the resource that plays the realm of the people.</summary>
    public string Corp => keycloak ? "keycloak" : "corp";

    private string Partner => keycloak ? "keycloak" : "partner";

    private string GatewayData => Path.Combine(_data, "gateway");

    private string Temporary => Path.Combine(_data, "tmp");

    private TelemetryTee Telemetry => _telemetry ?? throw new InvalidOperationException("The system was not started.");

    private DistributedApplication App => _app ?? throw new InvalidOperationException("The system was not started.");

    public async Task StartAsync(CancellationToken cancel)
    {
        _telemetry = await TelemetryTee.StartNewAsync(cancel);
        Secrets.Add("password", Password);
        Secrets.Add("gateway's client secret", ClientSecret);
        _relay = new TokenRelay(Secrets, path => new Uri(App.GetEndpoint(Partner, "http"), Protocol + path));
        await _relay.StartAsync();
        Directory.CreateDirectory(Temporary);
        var builder = await ComposeAsync(cancel);
        var projects = Written<ProjectResource>.AllOf(builder).ToDictionary(static one => one.Resource.Name);
        projects["testclient"].WithExplicitStart();
        foreach (var project in projects.Values)
        {
            project
                .WithEnvironment("TMPDIR", Temporary)
                // Whatever a person would turn on to look for a mistake.
                .WithEnvironment("Logging__LogLevel__AspireGateway", "Trace");
        }

        _telemetry.AddTo(builder);
        const string settings = "Gateway__Targets__notes__AuthorizationCode__";
        projects["gateway"]
            .WithEnvironment(
                settings + "AuthorizationEndpoint",
                ReferenceExpression.Create($"{EndpointOf(builder, Partner)}{Protocol}/auth")
            )
            .WithEnvironment(settings + "TokenEndpoint", _relay.BaseUrl + "/token")
            .WithEnvironment(settings + "RevocationEndpoint", _relay.BaseUrl + "/revoke")
            .WithEnvironment(settings + "Scopes__4", "offline_access");
        _app = await builder.BuildAsync(cancel);
        await _app.StartAsync(cancel);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", cancel);
        foreach (var file in KeyFiles)
        {
            var text = await File.ReadAllTextAsync(KeyFile(file), cancel);
            Secrets.Add(file, text.Trim().Split(' ')[^1]);
            Secrets.Add(file, text.Split('\n').ElementAtOrDefault(1));
        }
    }

    /// <summary>Everything that the processes wrote and sent, by place. The system is stopped for it, so that nothing is still on its way.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> StopAndReadAsync(CancellationToken cancel)
    {
        var places = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await App.StopAsync(cancel);
        foreach (var resource in App.Model.Resources)
        {
            var lines = App.Engine.Board.GetLogs(resource.Name, int.MaxValue).Select(static line => line.Text);
            places[$"log of {resource.Name}"] = Bytes(string.Join('\n', lines));
        }

        foreach (var sent in Telemetry.Messages.GroupBy(static one => one.Path, StringComparer.Ordinal))
        {
            places[$"telemetry {sent.Key}"] =
            [
                .. sent.SelectMany(static one => one.Path == "/v1/traces" ? Ours(one.Message) : one.Message),
            ];
        }

        foreach (var file in Files().Where(static file => !KeyFiles.Contains(Path.GetFileName(file))))
        {
            places[Path.GetRelativePath(_data, file)] = await File.ReadAllBytesAsync(file, cancel);
        }

        await foreach (var (url, body) in ReadDashboardAsync(cancel))
        {
            places[$"dashboard {url}"] = Bytes(body);
        }

        return places;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }

        if (_telemetry is not null)
        {
            await _telemetry.EndAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    private Task<IDistributedApplicationTestingBuilder> ComposeAsync(CancellationToken cancel)
    {
        string[] arguments =
        [
            $"--Parameters:demo-password={Password}",
            $"--Parameters:gateway-client-secret={ClientSecret}",
        ];
        return keycloak
            ? KeycloakOfThisMachine.ComposeAsync(_data, cancel, arguments)
            : DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
                ["--IdentityProvider=embedded", $"--DataFolder={_data}", .. arguments],
                cancel
            );
    }

    private static EndpointReference EndpointOf(IDistributedApplicationBuilder model, string resource) =>
        Written<IResourceWithEndpoints>.AllOf(model).Single(one => one.Resource.Name == resource).GetEndpoint("http");

    // Keycloak writes the queries of its own pages into its own spans, which are the dashboard's and the collector's to drop.
    private static byte[] Ours(byte[] message)
    {
        var traces = ExportTraceRequest.Parser.ParseFrom(message);
        foreach (var sent in traces.ResourceSpans.Where(static one => IsKeycloak(one)))
        {
            foreach (var span in sent.ScopeSpans.SelectMany(static scope => scope.Spans))
            {
                foreach (var query in span.Attributes.Where(static one => one.Key == "url.query").ToList())
                {
                    span.Attributes.Remove(query);
                }
            }
        }

        return traces.ToByteArray();
    }

    private static bool IsKeycloak(ResourceSpans sent) =>
        sent.Resource.Attributes.Any(static one => one is { Key: "service.name", Value.StringValue: "keycloak" });

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private string KeyFile(string name) =>
        Directory.EnumerateFiles(GatewayData, name, SearchOption.AllDirectories).Single();

    private IEnumerable<string> Files() =>
        new[] { GatewayData, Temporary }.SelectMany(static folder =>
            Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(static file => File.GetAttributes(file) is var kind && !kind.HasFlag(FileAttributes.Device))
        );

    /// <summary>Opens every page of the dashboard that it links to.</summary>
    private async IAsyncEnumerable<(string Url, string Body)> ReadDashboardAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        using var browser = new Browser();
        var first = await browser.OpenAsync(Telemetry.DashboardUrl, cancellationToken: cancel);
        var open = new Queue<Uri>([first.Url, new Uri(first.Url, "/traces"), new Uri(first.Url, "/logs")]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryDequeue(out var url))
        {
            if (!seen.Add(url.PathAndQuery))
            {
                continue;
            }

            var page = await browser.OpenAsync(url, cancellationToken: cancel);
            yield return (url.AbsolutePath, page.Body);
            foreach (var link in page.Document.Links.Select(static link => link.GetAttribute("href")))
            {
                if (Uri.TryCreate(url, link, out var next) && next.Authority == url.Authority && next.Query.Length == 0)
                {
                    open.Enqueue(next);
                }
            }
        }
    }
}
