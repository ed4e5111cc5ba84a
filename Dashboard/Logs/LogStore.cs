using AspireGateway.Dashboard.Telemetry.Protos;
using AspireGateway.Dashboard.Traces;

namespace AspireGateway.Dashboard.Logs;

/// <summary>How serious a record is.</summary>
public enum LogSeverity
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
}

/// <summary>One structured log record, cleaned and cut.</summary>
public sealed record LogEntry(DateTimeOffset Time, string Resource, LogSeverity Severity, string Category, string Text)
{
    /// <summary>Grows by one with each record received.</summary>
    public long Sequence { get; init; }

    /// <summary>Trace in which it was written; null outside of one.</summary>
    public string? TraceId { get; init; }

    /// <summary>Span in which it was written.</summary>
    public string? SpanId { get; init; }

    internal int Size => 200 + Category.Length + Text.Length + Attributes.Sum(static value => value.Size);

    /// <summary>The values in it.</summary>
    public IReadOnlyList<TelemetryValue> Attributes { get; init; } = [];
}

/// <summary>Which records a list shows.</summary>
public sealed record LogFilter(string? Resource, LogSeverity? Level, string? Trace, string? Text)
{
    internal bool Matches(LogEntry entry) =>
        (string.IsNullOrWhiteSpace(Resource) || entry.Resource == Resource)
        && entry.Severity >= (Level ?? LogSeverity.Trace)
        && (string.IsNullOrWhiteSpace(Trace) || entry.TraceId == Trace.Trim())
        && (
            string.IsNullOrWhiteSpace(Text)
            || Holds(entry.Text)
            || Holds(entry.Category)
            || entry.Attributes.Any(value => Holds(value.Value))
        );

    private bool Holds(string text) => text.Contains(Text!.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>The same filter as a query string, with its question mark; empty when there is none.</summary>
    public string QueryString =>
        Microsoft
            .AspNetCore.Http.QueryString.Create(
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["resource"] = Resource,
                    ["level"] = Level?.ToString(),
                    ["trace"] = Trace,
                    ["text"] = Text,
                }.Where(static part => !string.IsNullOrWhiteSpace(part.Value))
            )
            .ToUriComponent();
}

/// <summary>The newest structured log records, in memory; the oldest goes first.</summary>
internal sealed class LogStore
{
    public const int Maximum = 10_000;
    public const int MaximumCharacters = 16 * 1024 * 1024;

    // What ASP.NET Core's scopes put into every record and the record says already.
    private static readonly string[] Repeated =
    [
        "TraceId",
        "SpanId",
        "ParentId",
        "ConnectionId",
        "RequestId",
        "{OriginalFormat}",
    ];

    private readonly Lock _lock = new();
    private readonly Queue<LogEntry> _entries = new();
    private long _sequence;
    private long _characters;

    /// <summary>Grows with everything that is added.</summary>
    public long Version => Interlocked.Read(ref _sequence);

    /// <summary>The newest records that match, newest first.</summary>
    public IReadOnlyList<LogEntry> Newest(LogFilter filter, int count)
    {
        LogEntry[] all;
        lock (_lock)
        {
            all = [.. _entries];
        }

        return
        [
            .. all.Where(filter.Matches)
                .OrderByDescending(static entry => entry.Time)
                .ThenByDescending(static entry => entry.Sequence)
                .Take(count),
        ];
    }

    public void Add(string resource, string category, IEnumerable<LogRecord> records)
    {
        foreach (var record in records)
        {
            var entry = Read(resource, category, record);
            lock (_lock)
            {
                _entries.Enqueue(entry with { Sequence = ++_sequence });
                _characters += entry.Size;
                while (_entries.Count > Maximum || _characters > MaximumCharacters)
                {
                    _characters -= _entries.Dequeue().Size;
                }
            }
        }
    }

    private static LogEntry Read(string resource, string category, LogRecord record) =>
        new(
            OtlpReader.Time(record.TimeUnixNano == 0 ? record.ObservedTimeUnixNano : record.TimeUnixNano),
            resource,
            record.SeverityNumber switch
            {
                >= 21 => LogSeverity.Critical,
                >= 17 => LogSeverity.Error,
                >= 13 => LogSeverity.Warning,
                >= 9 or <= 0 => LogSeverity.Information,
                >= 5 => LogSeverity.Debug,
                _ => LogSeverity.Trace,
            },
            category.Length > OtlpReader.MaximumNameLength ? category[..OtlpReader.MaximumNameLength] : category,
            OtlpReader.Text(record.Body)
        )
        {
            TraceId = OtlpReader.Id(record.TraceId, 16),
            SpanId = OtlpReader.Id(record.SpanId, 8),
            Attributes =
            [
                .. OtlpReader
                    .Attributes(record.Attributes)
                    .Where(static attribute => !Repeated.Contains(attribute.Name, StringComparer.Ordinal)),
            ],
        };
}
