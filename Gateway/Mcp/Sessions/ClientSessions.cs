using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.PerTarget;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Vault;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Mcp.Sessions;

/// <summary>Sessions in the database, so that any replica can answer; ids are stored as HMACs only.</summary>
internal sealed class ClientSessions(IRecordStore store, IOptions<McpOptions> options, TimeProvider time)
{
    public const string Header = "Mcp-Session-Id";

    /// <summary>The last revision that has sessions.</summary>
    public const string NewestRevision = "2025-11-25";

    private readonly JsonRecords<ClientSession> _records = new(store, "session");

    /// <summary>Starts the session of a client that initializes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="request">Its message.</param>
    /// <param name="upstream">The target's session, when it has been initialized already.</param>
    /// <returns>The session with its id, which goes to the client.</returns>
    public async Task<(string Id, ClientSession Session)> StartAsync(
        HttpContext context,
        McpRequest request,
        UpstreamSession? upstream = null
    )
    {
        var caller = context.GetCaller()!;
        var parameters = JsonNode.Parse(request.Body.Span)!["params"] as JsonObject ?? [];
        var session = new ClientSession
        {
            Issuer = caller.User.Issuer,
            Subject = caller.User.Subject,
            Client = caller.ClientId,
            Target = context.GetRouteTarget()?.Value,
            ProtocolVersion = parameters["protocolVersion"]?.ToString() ?? NewestRevision,
            Initialize = parameters,
            IsOpenUpstream = upstream is not null,
            UpstreamId = upstream?.Id,
        };
        var id = RandomText.New();
        var expires = time.GetUtcNow() + options.Value.SessionLifetime;
        await _records.TryAddAsync(id, session.User.ToString(), session, expires, context.RequestAborted);
        return (id, session);
    }

    /// <summary>Finds a session of this person and endpoint; null when it is unknown, over, or somebody else's.</summary>
    public async Task<FoundSession?> FindAsync(string id, UserId user, TargetName? target, CancellationToken cancel) =>
        await ReadAsync(id, cancel) is { } found
        && found.Session.User == user
        && string.Equals(found.Session.Target, target?.Value, StringComparison.Ordinal)
            ? found
            : null;

    /// <summary>The session as it is now; null when it is over.</summary>
    public Task<FoundSession?> FindAgainAsync(FoundSession found, CancellationToken cancel) =>
        ReadAsync(found.Id, cancel);

    private async Task<FoundSession?> ReadAsync(string id, CancellationToken cancel) =>
        await _records.FindStoredAsync(id, cancel) is var (record, session)
            ? new FoundSession(id, session, record)
            : null;

    /// <summary>Remembers that the target knows the session now.</summary>
    public Task OpenedAsync(FoundSession found, string? upstreamId, CancellationToken cancel) =>
        _records.TryUpdateAsync(
            found.Record,
            found.Session with
            {
                IsOpenUpstream = true,
                UpstreamId = upstreamId,
            },
            found.Record.ExpiresAt,
            cancel
        );

    /// <summary>Changes what is remembered of a session; again where another request changed it meanwhile.</summary>
    /// <returns>False when the session is over.</returns>
    public async Task<bool> ChangeAsync(
        FoundSession found,
        Func<ClientSession, ClientSession> change,
        CancellationToken cancel
    )
    {
        var (record, session) = (found.Record, found.Session);
        while (await _records.TryUpdateAsync(record, change(session), record.ExpiresAt, cancel) is null)
        {
            if (await _records.FindStoredAsync(found.Id, cancel) is not var (current, value))
            {
                return false;
            }

            (record, session) = (current, value);
        }

        return true;
    }

    public Task EndAsync(string id, CancellationToken cancel) => _records.RemoveAsync(id, cancel);

    /// <summary>Names a session without giving it away.</summary>
    public static string TagOf(string id) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("tag:" + id))[..8]) + "-";
}

/// <summary>A session as it was read.</summary>
internal sealed record FoundSession(string Id, ClientSession Session, StoredRecord Record);
