using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Audit.Anchors;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Audit.Journals;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Tests.Audit;
using AspireGateway.TestKit.Issuers;
using AspireGateway.TestKit.Targets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Gateway.Tests.Hosting;

/// <summary>The real gateway in memory, with a fake issuer and a fake target over real connections, and its audit record in a file.</summary>
internal sealed class GatewayHost : WebApplicationFactory<TargetsOptions>
{
    public const string PublicUrl = "http://gateway.test";
    public const string Resource = PublicUrl + "/mcp";

    private readonly Dictionary<string, string?> _settings;
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-tests-").FullName;

    private GatewayHost(FakeIssuer issuer, FakeTarget target, Dictionary<string, string?> settings)
    {
        Issuer = issuer;
        Target = target;
        _settings = settings;
        ClientOptions.BaseAddress = new Uri(PublicUrl);
        ClientOptions.AllowAutoRedirect = false;
        ClientOptions.HandleCookies = false;
    }

    public FakeIssuer Issuer { get; }

    public FakeTarget Target { get; }

    /// <summary>Clock of the gateway; the system's unless a test sets it before the first request.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Further changes to the gateway's services; set before the first request.</summary>
    public Action<IServiceCollection>? ChangeServices { get; set; }

    public string AuditPath => Path.Combine(_folder, "audit");

    /// <summary>Everything that the gateway logged.</summary>
    public LogSink Logs { get; } = new();

    /// <summary>Starts issuer, target and gateway.</summary>
    /// <param name="environment">Name of the hosting environment.</param>
    /// <param name="time">Clock of gateway and issuer.</param>
    /// <param name="settings">Further configuration; a null value removes a default.</param>
    public static async Task<GatewayHost> StartAsync(
        string environment = "Development",
        TimeProvider? time = null,
        params (string Key, string? Value)[] settings
    )
    {
        var issuer = await FakeIssuer.StartNewAsync(time);
        var target = await FakeTarget.StartNewAsync();
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["environment"] = environment,
            ["Gateway:PublicUrl"] = PublicUrl,
            ["Gateway:Inbound:Issuers:0:Name"] = "corp",
            ["Gateway:Inbound:Issuers:0:DiscoveryUrl"] = issuer.DiscoveryUrl,
            ["Gateway:Targets:weather:Url"] = target.Url,
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var host = new GatewayHost(issuer, target, all) { Time = time };
        host.Settings["Gateway:Audit:Path"] = host.Settings.GetValueOrDefault("Gateway:Audit:Path") ?? host.AuditPath;
        host.Settings.TryAdd("Gateway:Vault:DataPath", host._folder);
        if (environment != Environments.Development)
        {
            host.Settings.TryAdd("Gateway:Audit:Anchors:Key", AnchorKey.NewPem());
            host.Settings.TryAdd("Gateway:Vault:Keys:0:Id", "test");
            host.Settings.TryAdd(
                "Gateway:Vault:Keys:0:Value",
                Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))
            );
        }

        return host;
    }

    /// <summary>An audit record that can never be written: below a file, not a folder.</summary>
    public static (string Key, string? Value) UnwritableAudit =>
        ("Gateway:Audit:Path", Path.Combine(typeof(GatewayHost).Assembly.Location, "audit"));

    private Dictionary<string, string?> Settings => _settings;

    /// <summary>An honest token for the whole gateway.</summary>
    public string Token(Action<JsonObject, JsonObject>? change = null) => Issuer.Token(Resource, change);

    /// <summary>Waits until the tools of all targets were read.</summary>
    public async Task<HttpClient> CreateReadyClientAsync()
    {
        var client = CreateClient();
        var synchronizer = Services.GetRequiredService<Targets.Catalogue.CatalogueSynchronizer>();
        await synchronizer.TriedAll.WaitAsync(TestContext.Current.CancellationToken);

        Target.ClearRequests();
        return client;
    }

    /// <summary>What was decided and how it ended, in the audit record so far: without intents, and without what a chain says of itself.</summary>
    public IReadOnlyList<JsonElement> Audit() =>
        [.. AuditRecords().Select(AuditReading.OutcomeOf).OfType<JsonElement>()];

    /// <summary>All of the audit record so far.</summary>
    public IReadOnlyList<JsonElement> AuditRecords() =>
        [
            .. AuditText()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => JsonDocument.Parse(line).RootElement),
        ];

    public string AuditText()
    {
        // What nobody waits for is written a little later otherwise.
        var flush = Services.GetRequiredService<AuditLog>().FlushAsync();
        SpinWait.SpinUntil(() => flush.IsCompleted, Eventually.Longest).ShouldBeTrue();
        return AuditFiles();
    }

    /// <summary>What is written at this moment.</summary>
    public string AuditFiles() =>
        string.Concat(
            Directory
                .EnumerateFiles(AuditPath, "*.jsonl")
                .Order(StringComparer.Ordinal)
                .Select(static path => Encoding.UTF8.GetString(SharedFile.Read(path)))
        );

    /// <summary>What would be there at this moment if the process was killed: what is written, and what the journal keeps.</summary>
    public string SurvivingAudit() =>
        JournalFormat
            .In(AuditPath)
            .SelectMany(static journal => JournalFormat.Read(SharedFile.Read(journal.Path)))
            .Aggregate(AuditFiles(), static (text, record) => $"{text}{Encoding.UTF8.GetString(record)}\n");

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (key, value) in _settings.Where(static setting => setting.Value is not null))
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Logs));
        builder.ConfigureTestServices(services =>
        {
            if (Time is not null)
            {
                services.AddSingleton(Time);
            }

            ChangeServices?.Invoke(services);
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
        await Target.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
