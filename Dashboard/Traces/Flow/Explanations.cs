using AspireGateway.Dashboard.Logs;

namespace AspireGateway.Dashboard.Traces.Flow;

/// <summary>
/// Says in words what was wrong. Best is what the gateway itself logged with the reason, since it names the values; then
/// what the span says; then the table for the codes that need more than their name.
/// </summary>
internal sealed class Explanations
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["wrong_audience"] =
            "The token was issued for somebody else. Ask for it with resource set to this gateway's URL.",
        ["wrong_issuer"] =
            "The token comes from an issuer that is not configured. Add it to Gateway:Inbound:Issuers, or sign in elsewhere.",
        ["invalid_signature"] = "The token's signature does not match the issuer's keys.",
        ["expired"] = "The token has expired. Sign in again; if that does not help, compare the clocks.",
        ["not_yet_valid"] = "The token is not valid yet: the clocks of gateway and identity provider disagree.",
        ["wrong_token_type"] = "This is no access token. Send the access token, not the ID or refresh token.",
        ["insufficient_scope"] = "The token lacks a scope. Ask the identity provider for the scopes in the challenge.",
        ["issuer_unavailable"] =
            "The identity provider's keys cannot be read. Is it running, and is its discovery URL right?",
        ["header_mismatch"] = "The MCP headers say something else than the body.",
        ["wrong_user"] = "Another person is signed in than the one who was asked. Switch the account.",
        ["wrong_browser"] = "The consent was begun in another browser. Open the link again in this one.",
        ["unknown_state"] = "The authorization is unknown, used or expired. Open the link again.",
        ["unknown_consent"] = "The link is unknown or older than ten minutes. Repeat the call for a new one.",
        ["consent_declined"] = "The person declined. Repeat the call to be asked again.",
        ["exchange_failed"] = "The third party did not take the code. Check client id, secret and redirect URI.",
        ["token_endpoint_unreachable"] = "The third party's token endpoint does not answer.",
        ["no_pkce"] = "The third party's authorization server does not announce PKCE with S256.",
        ["issuer_mismatch"] = "The answer comes from another issuer than the one that was asked.",
        ["target_unavailable"] = "The target cannot be reached. Is it running, and is its URL right?",
        ["target_timeout"] = "The target did not answer in time.",
        ["target_denied"] = "The target refused the call.",
        ["vault_unavailable"] = "The vault's database cannot be reached.",
        ["invalid_client"] = "The authorization server does not know the client, or its secret is wrong.",
        ["invalid_grant"] = "The authorization server does not accept the code or refresh token any more.",
    };

    private readonly IReadOnlySet<string> _expected;
    private readonly HashSet<string> _failed;
    private readonly IReadOnlyList<LogEntry> _logs;

    public Explanations(Trace trace, IReadOnlyList<LogEntry> logs)
    {
        _logs = logs;
        _expected = Failures.Expected(trace);
        _failed = Failures.Of(trace, _expected).Select(static span => span.SpanId).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Null when nothing is wrong.</summary>
    public string? Of(IReadOnlyList<SpanRecord> spans, string status)
    {
        var failures = spans.Where(span => _failed.Contains(span.SpanId)).ToArray();
        if (failures.Length == 0)
        {
            return status is ['4' or '5', _, _] && !spans.Any(span => _expected.Contains(span.SpanId))
                ? $"HTTP {status}."
                : null;
        }

        var reason = failures
            .Select(static span => span[Attributes.Reason])
            .FirstOrDefault(static found => !string.IsNullOrEmpty(found));
        if (reason is null)
        {
            var message = failures
                .Select(static span => span.StatusMessage)
                .FirstOrDefault(static found => found is not null);
            return message
                ?? (status.Length > 0 ? $"HTTP {status}." : "It failed; the span's attributes may say more.");
        }

        return $"{reason}: {Logged(reason) ?? Words.GetValueOrDefault(reason) ?? Message(failures, reason) ?? "see the span's attributes and logs."}";
    }

    private string? Logged(string reason) =>
        _logs
            .Where(entry => entry.Attributes.Any(value => value.Name == "Reason" && value.Value == reason))
            .SelectMany(static entry => entry.Attributes)
            .FirstOrDefault(static value => value.Name == "Explanation" && value.Value.Length > 0)
            ?.Value;

    private static string? Message(SpanRecord[] failures, string reason) =>
        failures
            .Select(static span => span.StatusMessage)
            .FirstOrDefault(found => found is not null && found != reason);
}
