using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Mcp.Sessions;

/// <summary>
/// What the gateway remembers of a client that speaks a revision with sessions (up to 2025-11-25): who it belongs to, and what the
/// client said about itself when it initialized.
/// </summary>
internal sealed record ClientSession
{
    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    /// <summary>OAuth client id.</summary>
    public required string Client { get; init; }

    /// <summary>The target of <c>/mcp/{target}</c>; null on the aggregate endpoint.</summary>
    public string? Target { get; init; }

    /// <summary>Revision that the client asked for.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>The <c>params</c> of <c>initialize</c>, to initialize the target with later.</summary>
    public required JsonObject Initialize { get; init; }

    /// <summary>From which level on the client wants to see log messages (<c>logging/setLevel</c>); null when it did not say.</summary>
    public string? LogLevel { get; init; }

    /// <summary>Resources whose changes the client wants to hear of, as it names them.</summary>
    public IReadOnlyList<string> Subscriptions { get; init; } = [];

    /// <summary>Whether the target has been initialized for this session.</summary>
    public bool IsOpenUpstream { get; init; }

    /// <summary>The target's own session id, where it has one.</summary>
    public string? UpstreamId { get; init; }

    public UserId User => new(Issuer, Subject);

    /// <summary>Whether the client can open links for its person (MCP 2025-11-25, elicitation in URL mode).</summary>
    public bool CanOpenLinks => Initialize["capabilities"]?["elicitation"]?["url"] is JsonObject;
}
