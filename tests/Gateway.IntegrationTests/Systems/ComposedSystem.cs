using System.Text.Json;
using AspireGateway.LocalHosting;
using AspireGateway.LocalHosting.Testing;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>The system of <c>AppHost.cs</c> as real processes on dynamic ports, started once for all tests of a collection.</summary>
public abstract class ComposedSystem : IAsyncLifetime
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(5);

    private readonly string _data = Directory.CreateTempSubdirectory("gateway-system-").FullName;
    private DistributedApplication? _app;
    private TelemetryTee? _telemetry;
    private Task<(string Output, string Trace)>? _flows;

    /// <summary>The aggregate endpoint.</summary>
    public Uri Mcp => new(GatewayUrl, "/mcp");

    /// <summary>Base address of the gateway.</summary>
    public Uri GatewayUrl => App.GetEndpoint("gateway", "http");

    /// <summary>The realm whose people use the gateway.</summary>
    public Uri Issuer => new(App.GetEndpoint(Provider, "http"), "/realms/corp");

    /// <summary>Receives what all of its programs tell about themselves.</summary>
    internal TelemetryTee Telemetry => _telemetry ?? throw new InvalidOperationException("The system was not started.");

    /// <summary>
    /// Runs the test client through both flows: sign-in, a call, a call that needs a consent which nobody has given, and the calls after
    /// it. Once, because the consent is then there.
    /// </summary>
    /// <returns>What the test client wrote, and its trace.</returns>
    internal Task<(string Output, string Trace)> BothFlowsAsync() =>
        _flows ??= TestClientProgram.RunAsync(
            Telemetry,
            "call",
            Mcp.AbsoluteUri,
            "weather___get_forecast",
            "--arg",
            "city=Lisbon",
            "--then",
            "notes___list_notes",
            // No other test has her consent.
            "--user",
            "carol",
            "--third-party-user",
            "bob.p"
        );

    /// <summary>The demo users' public password.</summary>
    public static string Password => "demo";

    /// <summary>Why it cannot run here; null where it can.</summary>
    public virtual string? Missing => null;

    /// <summary>Name of the resource that plays the realm.</summary>
    protected abstract string Provider { get; }

    private DistributedApplication App => _app ?? throw new InvalidOperationException("The system was not started.");

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(StartTime);
        _telemetry = await TelemetryTee.StartNewAsync(timeout.Token);
        var builder = await ComposeAsync(_data, timeout.Token);
        _telemetry.AddTo(builder);
        // Its calls would be among those that tests look for in the audit record.
        Written<ProjectResource>
            .AllOf(builder)
            .Single(static resource => resource.Resource.Name == "testclient")
            .WithExplicitStart();
        _app = await builder.BuildAsync(timeout.Token);
        await _app.StartAsync(timeout.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_telemetry is not null)
        {
            await _telemetry.EndAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    /// <summary>Does something, and waits for what the gateway then records about the tool.</summary>
    internal async Task<JsonElement> RecordOfAsync(string tool, Func<Task> call)
    {
        var before = Audit().Count;
        await call();
        JsonElement? found = null;
        // The record is written when the answer is complete, which the client may know first.
        await Patience.UntilAsync(
            () =>
            {
                found = Audit()
                    .Skip(before)
                    .Select(static line => JsonElement.Parse(line))
                    .Cast<JsonElement?>()
                    .FirstOrDefault(record => IsOf(record!.Value, tool));
                return Task.FromResult(found is not null);
            },
            $"the call of {tool} is recorded",
            TestContext.Current.CancellationToken
        );
        return found!.Value;
    }

    /// <summary>The AppHost's model.</summary>
    protected abstract Task<IDistributedApplicationTestingBuilder> ComposeAsync(string data, CancellationToken cancel);

    private static bool IsOf(JsonElement record, string tool) =>
        (record.GetProperty("kind").ValueEquals("outcome") || record.TryGetProperty("outcome", out _))
        && record.TryGetProperty("name", out var name)
        && name.ValueEquals(tool);

    // Whole lines only: the last one may be in the middle of being written.
    private List<string> Audit()
    {
        var path = Directory.EnumerateFiles(Path.Combine(_data, "gateway", "audit"), "*.jsonl").Single();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}

/// <summary>With the embedded identity provider.</summary>
public sealed class EmbeddedSystem : ComposedSystem
{
    /// <inheritdoc />
    protected override string Provider => "corp";

    /// <inheritdoc />
    protected override Task<IDistributedApplicationTestingBuilder> ComposeAsync(
        string data,
        CancellationToken cancel
    ) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--IdentityProvider=embedded", $"--DataFolder={data}"],
            cancel
        );
}

/// <summary>With a Keycloak of this machine.</summary>
public sealed class KeycloakSystem : ComposedSystem
{
    /// <inheritdoc />
    public override string? Missing => KeycloakOfThisMachine.Missing;

    /// <inheritdoc />
    protected override string Provider => "keycloak";

    /// <inheritdoc />
    protected override Task<IDistributedApplicationTestingBuilder> ComposeAsync(
        string data,
        CancellationToken cancel
    ) => KeycloakOfThisMachine.ComposeAsync(data, cancel);
}

/// <summary>With two gateways over PostgreSQL behind one address, each request at the other one; with Keycloak where this machine has it.</summary>
public sealed class ReplicatedSystem : ComposedSystem
{
    private const string Replicas = "--Replicas=2";

    /// <inheritdoc />
    public override string? Missing => PostgreSql.Unavailable is { } reason ? $"No PostgreSQL: {reason}." : null;

    /// <inheritdoc />
    protected override string Provider => KeycloakOfThisMachine.Home is null ? "corp" : "keycloak";

    /// <inheritdoc />
    protected override Task<IDistributedApplicationTestingBuilder> ComposeAsync(
        string data,
        CancellationToken cancel
    ) =>
        KeycloakOfThisMachine.Home is null
            ? DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
                ["--IdentityProvider=embedded", $"--DataFolder={data}", Replicas],
                cancel
            )
            : KeycloakOfThisMachine.ComposeAsync(data, cancel, Replicas);
}

/// <summary>Tests against the system with the embedded provider, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class WithEmbedded : ICollectionFixture<EmbeddedSystem>
{
    public const string Name = "embedded";
}

/// <summary>Tests against the system with Keycloak, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class WithKeycloak : ICollectionFixture<KeycloakSystem>
{
    public const string Name = "keycloak";
}

/// <summary>Tests against the system with two gateways, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class WithReplicas : ICollectionFixture<ReplicatedSystem>
{
    public const string Name = "replicas";
}
