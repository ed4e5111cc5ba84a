using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>What was agreed with a target at the handshake, which the SDK's client does: revision, session, capabilities.</summary>
internal sealed class TargetSession : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly McpClient? _client;
    private long _lastId;

    private TargetSession(McpClient client)
    {
        Version = client.NegotiatedProtocolVersion ?? "2025-03-26";
        Id = client.SessionId;
        Description = ServerDescription.Of(client);

        // The newer revisions have no session to keep or to end.
        _client = IsModern ? null : client;
    }

    /// <summary>The revision that the target speaks.</summary>
    public string Version { get; }

    /// <summary>Whether that is 2026-07-28 or newer: no session, and everything about the client in each request.</summary>
    public bool IsModern => McpRevisions.IsModern(Version);

    /// <summary>The target's session; null where it has none.</summary>
    public string? Id { get; }

    /// <summary>What the target said about itself.</summary>
    public ServerDescription Description { get; }

    /// <summary>Finds out which revision a target speaks, and initializes it where that is needed.</summary>
    /// <param name="target">The target.</param>
    /// <param name="abilities">What is declared to a target that wants to know it now.</param>
    /// <param name="http">Sends the requests.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For the SDK's client.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="TimeoutException">The target did not answer in time.</exception>
    public static async Task<TargetSession> OpenAsync(
        Target target,
        ClientAbilities abilities,
        HttpClient http,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancel
    )
    {
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = target.Url,
                Name = target.Name.Value,
                TransportMode = HttpTransportMode.StreamableHttp,
                // Whoever wants to hear what belongs to no call opens that stream (UpstreamConnection.ListenAsync).
                EnableStandaloneGetStream = false,
            },
            http,
            loggers,
            ownsHttpClient: false
        );
        var options = new McpClientOptions
        {
            ClientInfo = GatewayIdentity.Implementation,
            // There is one time for everything, below. Over HTTP, silence is no sign of an older revision: a target that is slow once would
            // be taken for older from then on.
            InitializationTimeout = Timeout.InfiniteTimeSpan,
            DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
            Capabilities = System.Text.Json.JsonSerializer.Deserialize<ClientCapabilities>(
                ClientCapabilitiesJson.Write(abilities),
                ModelContextProtocol.McpJsonUtilities.DefaultOptions
            ),
        };
        var client = await Silence.EndAsync(
            Patience,
            time,
            end => McpClient.CreateAsync(transport, options, loggers, end),
            "answer the handshake",
            cancel
        );
        var session = new TargetSession(client);
        if (session.IsModern)
        {
            await client.DisposeAsync();
        }

        return session;
    }

    /// <summary>A JSON-RPC id that no other request of this session has.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>What the gateway says about itself to targets.</summary>
internal static class GatewayIdentity
{
    public static readonly Implementation Implementation = new() { Name = "AspireGateway", Version = "1.0.0" };

    /// <summary>The same as JSON.</summary>
    public const string Json = """{"name":"AspireGateway","version":"1.0.0"}""";
}
