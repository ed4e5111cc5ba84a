using System.Text.Json.Serialization;

namespace AspireGateway.Gateway.Outbound.SelfService.Pages;

/// <summary>Whether the gateway can use a target in a person's name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConnectionState>))]
public enum ConnectionState
{
    /// <summary>The person has not allowed it.</summary>
    [JsonStringEnumMemberName("not_connected")]
    NotConnected,

    /// <summary>It can be used.</summary>
    [JsonStringEnumMemberName("connected")]
    Connected,

    /// <summary>The person allowed it, but it is over, or was for another address.</summary>
    [JsonStringEnumMemberName("needs_reconnecting")]
    NeedsReconnecting,

    /// <summary>The administrator has removed the target; what is kept for it can only be ended.</summary>
    [JsonStringEnumMemberName("not_offered")]
    NotOffered,
}

/// <summary>One target as a person sees it. Holds no secret.</summary>
public sealed record ConnectionModel
{
    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>Its state.</summary>
    public required ConnectionState State { get; init; }

    /// <summary>Host of the target; null for one that is not offered any more.</summary>
    public string? Address { get; init; }

    /// <summary>Host of the authorization server that gave the permission.</summary>
    public string? Provider { get; init; }

    /// <summary>Account at the third party, where it is known.</summary>
    public string? Account { get; init; }

    /// <summary>Scopes that were granted.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>When the person allowed it.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>When it was used last, to the minute or so.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When its tokens were renewed last.</summary>
    public DateTimeOffset? LastRefreshedAt { get; init; }

    /// <summary>Client ids of the agents that may use it.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];

    /// <summary>Client ids of the agents that wait for the person's answer.</summary>
    public IReadOnlyList<string> Waiting { get; init; } = [];

    /// <summary>Whether there is something to end.</summary>
    [JsonIgnore]
    public bool IsKept => State != ConnectionState.NotConnected;
}

/// <summary>What every form of the page carries.</summary>
/// <param name="Field">Name of the antiforgery field.</param>
/// <param name="Token">Its value.</param>
public sealed record FormProof(string Field, string Token);
