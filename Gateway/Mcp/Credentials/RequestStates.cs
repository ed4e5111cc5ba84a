using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Inbound;
using AspireGateway.Gateway.Mcp.Requests;
using AspireGateway.Gateway.Vault;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.Gateway.Mcp.Credentials;

/// <summary>
/// The <c>requestState</c> with which a modern client repeats a request after a question, the gateway's own or a target's: sealed, for one
/// person, client, target, method and arguments, once, for ten minutes.
/// </summary>
internal sealed class RequestStates(IDataProtectionProvider protection, IRecordStore records, TimeProvider time)
{
    // One for the gateway's own question, one for those of targets.
    private const string Prefix = "agw1.";
    private const string RelayedPrefix = "agt1.";
    private const string Kind = "request-state";
    private const string Purpose = "AspireGateway.RequestState.v1";

    /// <summary>How long a person has for an answer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly IDataProtector _protector = protection.CreateProtector(Purpose);

    /// <summary>Whether the state belongs to the gateway's own question.</summary>
    public static bool IsOurs(JsonObject? parameters) => HasPrefix(parameters, Prefix);

    /// <summary>Whether the state belongs to a question of a target.</summary>
    public static bool IsRelayed(JsonObject? parameters) => HasPrefix(parameters, RelayedPrefix);

    /// <summary>A state for the gateway's own question that this request leads to.</summary>
    public string Create(Caller caller, McpRequest request, JsonObject? parameters) =>
        Prefix + Seal(caller, request, parameters, relayed: null);

    /// <summary>A state for a target's question that this request leads to.</summary>
    public string Create(Caller caller, McpRequest request, JsonObject? parameters, RelayedState relayed) =>
        RelayedPrefix + Seal(caller, request, parameters, relayed);

    /// <summary>Checks the state of a repeated request, and uses it up.</summary>
    /// <returns>False when it is forged, expired, used, or of another person, client, target, method or arguments.</returns>
    public async Task<bool> TryUseAsync(
        Caller caller,
        McpRequest request,
        JsonObject parameters,
        CancellationToken cancel
    )
    {
        var content = await UseAsync(caller, request, parameters, cancel);
        return content is { Relayed: null };
    }

    /// <summary>The same for the state of a target's question.</summary>
    /// <returns>What was sealed in it; null where the other returns false.</returns>
    public async Task<RelayedState?> UseRelayedAsync(
        Caller caller,
        McpRequest request,
        JsonObject parameters,
        CancellationToken cancel
    ) => (await UseAsync(caller, request, parameters, cancel))?.Relayed;

    private async Task<Content?> UseAsync(
        Caller caller,
        McpRequest request,
        JsonObject parameters,
        CancellationToken cancel
    ) =>
        Open(parameters["requestState"]!.GetValue<string>()) is { } content
        && content.ExpiresAt > time.GetUtcNow()
        && string.Equals(content.Binding, Binding(caller, request, parameters), StringComparison.Ordinal)
        && await records.TryAddAsync(Kind, content.Id, group: null, "used"u8.ToArray(), content.ExpiresAt, cancel)
            ? content
            : null;

    private string Seal(Caller caller, McpRequest request, JsonObject? parameters, RelayedState? relayed)
    {
        var content = new Content(
            Guid.NewGuid().ToString("N"),
            Binding(caller, request, parameters),
            time.GetUtcNow() + Lifetime,
            relayed
        );
        return WebEncoders.Base64UrlEncode(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(content)));
    }

    private static bool HasPrefix(JsonObject? parameters, string prefix) =>
        parameters.TextOf("requestState")?.StartsWith(prefix, StringComparison.Ordinal) is true;

    private Content? Open(string state)
    {
        try
        {
            // Both prefixes are of one length; which kind it is says the sealed content.
            var plain = _protector.Unprotect(WebEncoders.Base64UrlDecode(state[Prefix.Length..]));
            return JsonSerializer.Deserialize<Content>(plain);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }

    private static string Binding(Caller caller, McpRequest request, JsonObject? parameters)
    {
        string?[] parts =
        [
            caller.User.Issuer,
            caller.User.Subject,
            caller.ClientId,
            request.Target?.Value,
            request.Method,
            request.OwnName ?? request.Name,
            parameters?["arguments"]?.ToJsonString(),
        ];
        // Lengths in front, so that no two lists of parts read the same.
        var text = string.Concat(parts.Select(static part => $"{part?.Length ?? -1}:{part}"));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private sealed record Content(string Id, string Binding, DateTimeOffset ExpiresAt, RelayedState? Relayed);
}

/// <summary>What a client brings back after a target's question.</summary>
/// <param name="TargetState">The state that the target itself gave; null when it gave none.</param>
/// <param name="ParkedCall">The target's call that waits for the answer; null when the call is to be sent again.</param>
/// <param name="PassAnswers">Whether the target gets the answers, and not just the call once more.</param>
internal sealed record RelayedState(string? TargetState, string? ParkedCall = null, bool PassAnswers = true);
