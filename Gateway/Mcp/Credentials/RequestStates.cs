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
/// The <c>requestState</c> with which a modern client repeats a request after a consent: sealed, for one person, client, target, method
/// and arguments, once, for ten minutes.
/// </summary>
internal sealed class RequestStates(IDataProtectionProvider protection, IRecordStore records, TimeProvider time)
{
    // States of targets are passed through; this tells the gateway's own from them.
    private const string Prefix = "agw1.";
    private const string Kind = "request-state";
    private const string Purpose = "AspireGateway.RequestState.v1";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly IDataProtector _protector = protection.CreateProtector(Purpose);

    /// <summary>Whether a state is one of the gateway's.</summary>
    public static bool IsOurs(JsonObject? parameters) =>
        parameters?["requestState"] is JsonValue value
        && value.TryGetValue(out string? text)
        && text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>A state for the question that this request leads to.</summary>
    public string Create(Caller caller, McpRequest request, JsonObject? parameters)
    {
        var content = new Content(
            Guid.NewGuid().ToString("N"),
            Binding(caller, request, parameters),
            time.GetUtcNow() + Lifetime
        );
        return Prefix + WebEncoders.Base64UrlEncode(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(content)));
    }

    /// <summary>Checks the state of a repeated request, and uses it up.</summary>
    /// <returns>False when it is forged, expired, used, or of another person, client, target, method or arguments.</returns>
    public async Task<bool> TryUseAsync(
        Caller caller,
        McpRequest request,
        JsonObject parameters,
        CancellationToken cancel
    )
    {
        if (
            Open(parameters["requestState"]!.GetValue<string>()) is not { } content
            || content.ExpiresAt <= time.GetUtcNow()
        )
        {
            return false;
        }

        return string.Equals(content.Binding, Binding(caller, request, parameters), StringComparison.Ordinal)
            && await records.TryAddAsync(Kind, content.Id, group: null, "used"u8.ToArray(), content.ExpiresAt, cancel);
    }

    private Content? Open(string state)
    {
        try
        {
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

    private sealed record Content(string Id, string Binding, DateTimeOffset ExpiresAt);
}
