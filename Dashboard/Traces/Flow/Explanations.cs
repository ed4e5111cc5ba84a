using AspireGateway.Dashboard.Logs;

namespace AspireGateway.Dashboard.Traces.Flow;

/// <summary>
/// Says in words what was wrong. Best is what the gateway itself logged with the reason, since it names the values; then
/// the cause in the guide; then what the span says. What to do is the guide's.
/// </summary>
internal sealed class Explanations
{
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

        var guide = ErrorGuide.Find(reason);
        var cause =
            Logged(reason) ?? guide?.Cause ?? Message(failures, reason) ?? "see the span's attributes and logs.";
        return guide is null ? $"{reason}: {cause}" : $"{reason}: {cause} Fix: {guide.Value.Fix}";
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
