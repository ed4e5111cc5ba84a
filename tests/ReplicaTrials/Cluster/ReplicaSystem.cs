using System.Security.Cryptography;
using AspireGateway.TestKit;
using AspireGateway.TestKit.Issuers;

namespace AspireGateway.ReplicaTrials.Cluster;

/// <summary>Two gateways over one PostgreSQL behind one URL, with an issuer, a target, and the target's third party.</summary>
internal sealed class ReplicaSystem : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("replica-trial-").FullName;
    private string _connection = "";

    /// <summary>How long a gateway waits for the third party; its leases last twice as long and ten seconds more.</summary>
    public static readonly TimeSpan TokenEndpointTimeout = TimeSpan.FromSeconds(2);

    public const string KeyId = "trial";

    public Uri PublicUrl { get; } = FrontDoor.FreeUrl();

    public string Key { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public string ConnectionString => _connection;

    /// <summary>Folder of the audit record of both.</summary>
    public string AuditPath => Path.Combine(_folder, "audit");

    public TokenLedger Ledger { get; } = new();

    public FrontDoor Front { get; } = new();

    public IReadOnlyList<Replica> Replicas { get; private set; } = [];

    public FakeIssuer Issuer { get; private set; } = null!;

    public NotesTarget Target { get; private set; } = null!;

    public TokenRelay Relay { get; private set; } = null!;

    public ThirdParty ThirdParty { get; private set; } = null!;

    public Uri Callback => new(PublicUrl, "/connect/callback/notes");

    public static async Task<ReplicaSystem> StartAsync(
        Func<ReplicaSystem, Task<ThirdParty>> thirdParty,
        CancellationToken cancel
    )
    {
        var system = new ReplicaSystem();
        try
        {
            await system.StartPartsAsync(thirdParty, cancel);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Ends both gateways, without a word.</summary>
    public Task StopReplicasAsync() =>
        Task.WhenAll(Replicas.Where(static one => one.IsUp).Select(static one => one.KillAsync()));

    private async Task StartPartsAsync(Func<ReplicaSystem, Task<ThirdParty>> thirdParty, CancellationToken cancel)
    {
        var postgres = Keep(await PostgreSql.StartAsync(cancel));
        _connection = await postgres.CreateDatabaseAsync(cancel);
        Issuer = Keep(await FakeIssuer.StartNewAsync());
        Target = Keep(await NotesTarget.StartAsync(Ledger));
        ThirdParty = Keep(await thirdParty(this));
        Relay = Keep(new TokenRelay(() => ThirdParty.TokenEndpoint, Ledger));
        await Relay.StartAsync(index => Replicas[index], cancel);

        Replicas =
        [
            .. Enumerable.Range(0, 2).Select(index => Keep(new Replica(index, FrontDoor.FreeUrl().Port, Environment))),
        ];
        // The second finds a migrated database, as in a rolling deployment; that both may migrate at once is tested elsewhere.
        foreach (var replica in Replicas)
        {
            await replica.StartAsync(cancel);
        }

        Keep(Front);
        await Front.StartAsync(PublicUrl, Replicas, cancel);
        Report.Line($"two gateways over PostgreSQL at {PublicUrl}; the third party is {ThirdParty.Name}");
    }

    private Dictionary<string, string> Environment(Replica replica)
    {
        const string notes = "Gateway__Targets__notes__";
        var tools = Path.Combine(_folder, "tools.json");
        File.WriteAllText(tools, """[{"name":"echo","description":"Says it again","inputSchema":{"type":"object"}}]""");
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["Gateway__PublicUrl"] = PublicUrl.GetLeftPart(UriPartial.Authority),
            ["ConnectionStrings__gateway"] = ConnectionString,
            ["Gateway__Vault__Keys__0__Id"] = KeyId,
            ["Gateway__Vault__Keys__0__Value"] = Key,
            ["Gateway__Vault__DataPath"] = _folder,
            ["Gateway__Audit__Path"] = AuditPath,
            ["Gateway__Outbound__TokenEndpointTimeout"] = TokenEndpointTimeout.ToString(),
            ["Gateway__Inbound__Issuers__0__Name"] = "corp",
            ["Gateway__Inbound__Issuers__0__DiscoveryUrl"] = Issuer.DiscoveryUrl,
            ["Gateway__Inbound__Issuers__0__SignIn__ClientId"] = "gateway",
            [notes + "Url"] = Target.Url,
            [notes + "Credential"] = "authorization_code",
            [notes + "ToolsFile"] = tools,
            [notes + "AuthorizationCode__Issuer"] = ThirdParty.Issuer,
            [notes + "AuthorizationCode__AuthorizationEndpoint"] = ThirdParty.AuthorizationEndpoint.AbsoluteUri,
            [notes + "AuthorizationCode__TokenEndpoint"] = Relay.UrlFor(replica),
            [notes + "AuthorizationCode__ClientId"] = ThirdParty.ClientId,
            [notes + "AuthorizationCode__ClientSecret"] = ThirdParty.ClientSecret,
            [notes + "AuthorizationCode__Scopes__0"] = "notes:read",
            ["Logging__LogLevel__Default"] = "Warning",
        };
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
