using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Http;

namespace AspireGateway.Gateway.Outbound.Accounts;

/// <summary>
/// Reads the ID token of a token response (OpenID Connect Core §3.1.3.7). It came from the token endpoint itself, so that the connection
/// stands for the signature; for whom and by whom it was made is checked all the same.
/// </summary>
internal static class IdToken
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Its claims.</summary>
    /// <param name="token">The token as it came.</param>
    /// <param name="issuer">The authorization server that was asked.</param>
    /// <param name="clientId">The gateway's client id there.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null where it is not one of this server, for this client, of this moment.</returns>
    public static JsonObject? Read(string token, string issuer, string clientId, DateTimeOffset now) =>
        token.Split('.') is [_, var payload, _]
        && Decode(payload) is { } claims
        && string.Equals(claims.TextOf("iss"), issuer, StringComparison.Ordinal)
        && claims.TextOf("sub") is { Length: > 0 }
        && IsFor(claims, clientId)
        && claims["exp"] is JsonValue expiry
        && expiry.TryGetValue(out double seconds)
        && seconds > (now - Skew).ToUnixTimeSeconds()
            ? claims
            : null;

    // §3.1.3.7, 3 to 5: a token that others may use, too, has to say that it was made for this client.
    private static bool IsFor(JsonObject claims, string clientId)
    {
        var audiences = claims["aud"] is JsonArray several
            ? several.Select(static node => node is JsonValue value && value.TryGetValue(out string? text) ? text : "")
            : [claims.TextOf("aud") ?? ""];
        var all = audiences.ToList();
        var party = claims.TextOf("azp");
        return all.Contains(clientId, StringComparer.Ordinal)
            && (party is null ? all.Count == 1 : string.Equals(party, clientId, StringComparison.Ordinal));
    }

    private static JsonObject? Decode(string part)
    {
        var text = Encoding.ASCII.GetBytes(part);
        var decoded = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromUtf8(text, decoded, out _, out var count) == System.Buffers.OperationStatus.Done
            ? JsonDocuments.TryParse(decoded.AsSpan(0, count))
            : null;
    }
}
