using System.Text.Json.Nodes;
using AspireGateway.Gateway.Mcp.Sessions;
using AspireGateway.Gateway.Targets.Upstream.Wire;
using ModelContextProtocol.Protocol;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>
/// The client's side of one call: what it can be asked, and the response on which it hears of the call.
/// </summary>
internal sealed class ClientTalk : ICallListener
{
    // What a client of an older revision gets that never said what it wants to see.
    private const string DefaultLevel = "info";

    private readonly ClientResponse? _response;
    private readonly JsonNode? _progressToken;

    private ClientTalk(ClientRequest current, JsonObject? meta)
    {
        _response = current.Response;
        _progressToken = meta?["progressToken"];
        Session = current.Session;
        IsModern = current.IsModern;
        Abilities = ClientCapabilitiesJson.Read(
            IsModern ? meta?[McpMeta.ClientCapabilities] : Session?.Session.Initialize["capabilities"]
        );
        LogLevel =
            IsModern ? meta?[McpMeta.LogLevel]?.ToString()
            : Session is null ? null
            : Session.Session.LogLevel ?? DefaultLevel;
    }

    private ClientTalk(ClientTalk other)
    {
        IsModern = other.IsModern;
        Abilities = other.Abilities;
        LogLevel = other.LogLevel;
    }

    /// <summary>Whether the client speaks 2026-07-28 or newer.</summary>
    public bool IsModern { get; }

    /// <summary>The session of a client of an older revision; null without.</summary>
    public FoundSession? Session { get; }

    /// <summary>What the client can be asked.</summary>
    public ClientAbilities Abilities { get; }

    /// <summary>From which level on the client wants to see log messages; null for none.</summary>
    public string? LogLevel { get; }

    /// <summary>Whether the client wants to hear of progress.</summary>
    public bool WantsProgress => _progressToken is not null;

    /// <summary>The side of the client that sent a request.</summary>
    public static ClientTalk Of(ClientRequest current) => new(current, current.Parameters["_meta"] as JsonObject);

    /// <summary>What is left of the client when its request is over: nothing can be sent any more.</summary>
    public ClientTalk Detach() => new(this);

    /// <summary>Whether the client declared that it can be asked this.</summary>
    public bool CanBeAsked(JsonObject request) =>
        (IsModern || Session is not null)
        && request.TextOf("method") is { } method
        && Abilities.Allow(method, request["params"]);

    public async ValueTask OnNotificationAsync(string method, JsonObject? parameters, CancellationToken cancel)
    {
        switch (method)
        {
            case NotificationMethods.ProgressNotification when _progressToken is not null && parameters is not null:
                parameters["progressToken"] = _progressToken.DeepClone();
                break;
            case MetaNames.LogMessage
                when LogLevel is not null && LogLevels.Includes(LogLevel, parameters?["level"]?.ToString()):
                break;
            case MetaNames.ElicitationComplete when !IsModern:
                break;
            default:
                return;
        }

        await NotifyAsync(method, parameters, cancel);
    }

    /// <summary>Sends a notification on the call's response.</summary>
    public Task NotifyAsync(string method, JsonObject? parameters, CancellationToken cancel) =>
        _response?.NotifyAsync(method, parameters, cancel) ?? Task.CompletedTask;

    /// <summary>Sends a request on the call's response; only clients of older revisions understand that.</summary>
    public Task AskAsync(string id, string method, JsonNode? parameters, CancellationToken cancel) =>
        _response!.AskAsync(id, method, parameters, cancel);
}

/// <summary>Names of MCP that the SDK has no constants for, or obsolete ones: they are part of older revisions for ever.</summary>
internal static class MetaNames
{
    public const string LogMessage = "notifications/message";
    public const string ElicitationComplete = "notifications/elicitation/complete";
}
