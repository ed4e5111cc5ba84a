using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Targets.Credentials;

namespace AspireGateway.Gateway.Targets;

/// <summary>
/// One MCP server behind the gateway, as defined and checked. An edited target is another object: connections, caches and routes that
/// were made for the old one do not serve the new one.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Its MCP endpoint.</param>
/// <param name="CredentialKind">How requests to it are authenticated: one of <see cref="CredentialKinds"/>.</param>
/// <param name="Timeout">How long one call may take.</param>
internal sealed record Target(TargetName Name, Uri Url, string CredentialKind, TimeSpan Timeout)
{
    /// <summary>Version of the definition that an administrator made; null for the configuration's.</summary>
    public string? Version { get; init; }

    /// <summary>Whether the operator's own configuration names it. Its host may then be anywhere.</summary>
    public bool IsConfigured => Version is null;

    /// <summary>Settings of <see cref="CredentialKinds.AuthorizationCode"/>.</summary>
    public AuthorizationCodeOptions AuthorizationCode { get; init; } = new();

    /// <summary>Tools that are known before anybody has consented; empty when there are none.</summary>
    public IReadOnlyList<JsonObject> KnownTools { get; init; } = [];

    /// <summary>Whether it can only be asked with a credential of a person.</summary>
    public bool NeedsPerson => CredentialKind == CredentialKinds.AuthorizationCode;

    public bool Equals(Target? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}
