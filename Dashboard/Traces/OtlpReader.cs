using System.Globalization;
using AspireGateway.Dashboard.Telemetry.Protos;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace AspireGateway.Dashboard.Traces;

/// <summary>Turns what came over the wire into what is kept. Everything is bounded here, before it is stored.</summary>
internal static class OtlpReader
{
    public const int MaximumAttributes = 64;
    public const int MaximumNameLength = 200;
    public const int MaximumValueLength = 2_000;
    private const int MaximumEvents = 32;
    private const int MaximumLinks = 32;
    private const int MaximumItems = 20;

    /// <summary>Null when the ids are none: such a span belongs to no trace.</summary>
    public static SpanRecord? Read(Span span, string resource)
    {
        if (Id(span.TraceId, 16) is not { } trace || Id(span.SpanId, 8) is not { } id)
        {
            return null;
        }

        var parent = Id(span.ParentSpanId, 8);
        var start = Time(span.StartTimeUnixNano);
        var end = Time(span.EndTimeUnixNano);
        return new SpanRecord(
            trace,
            id,
            parent == id ? null : parent,
            resource,
            Cut(Value(span.Name), MaximumNameLength)
        )
        {
            Role = span.Kind switch
            {
                SpanKind.Server or SpanKind.Consumer => SpanRole.Server,
                SpanKind.Client or SpanKind.Producer => SpanRole.Client,
                _ => SpanRole.Internal,
            },
            Start = start,
            Duration = end > start ? end - start : TimeSpan.Zero,
            Failed = span.Status?.Code == SpanStatusCode.Error,
            StatusMessage = string.IsNullOrWhiteSpace(span.Status?.Message) ? null : Value(span.Status.Message),
            Attributes = Attributes(span.Attributes),
            Events =
            [
                .. span
                    .Events.Take(MaximumEvents)
                    .Select(static moment => new SpanMoment(
                        Time(moment.TimeUnixNano),
                        Cut(moment.Name, MaximumNameLength),
                        Attributes(moment.Attributes)
                    )),
            ],
            Links =
            [
                .. span
                    .Links.Take(MaximumLinks)
                    .Where(static link => Id(link.TraceId, 16) is not null && Id(link.SpanId, 8) is not null)
                    .Select(static link => new SpanReference(Id(link.TraceId, 16)!, Id(link.SpanId, 8)!)),
            ],
        };
    }

    public static IReadOnlyList<TelemetryValue> Attributes(RepeatedField<KeyValue> attributes) =>
        [
            .. attributes
                .Where(static attribute => attribute.Key.Length > 0 && !Hygiene.IsDropped(Cut(attribute.Key, 500)))
                .Take(MaximumAttributes)
                .Select(static attribute => new TelemetryValue(
                    Cut(attribute.Key, MaximumNameLength),
                    Text(attribute.Value)
                )),
        ];

    /// <summary>A value as text, cleaned and cut.</summary>
    public static string Text(AnyValue? value) => Value(Raw(value, depth: 0));

    /// <summary>Hexadecimal id; null when it has another length or is zero.</summary>
    public static string? Id(ByteString bytes, int length) =>
        bytes.Length == length && bytes.Span.ContainsAnyExcept((byte)0) ? Convert.ToHexStringLower(bytes.Span) : null;

    /// <summary>A moment; senders whose clocks are nonsense get the earliest one there is.</summary>
    public static DateTimeOffset Time(ulong unixNanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(unixNanoseconds / 100));

    private static string Value(string text)
    {
        // Cleaned with some room, so that a secret at the edge is not cut in half and missed; never a megabyte.
        var cleaned = Hygiene.Clean(text.Length > MaximumValueLength * 2 ? text[..(MaximumValueLength * 2)] : text);
        return cleaned.Length > MaximumValueLength || text.Length > MaximumValueLength * 2
            ? Cut(cleaned, MaximumValueLength) + $" … ({text.Length} characters)"
            : cleaned;
    }

    private static string Cut(string text, int length) => text.Length > length ? text[..length] : text;

    private static string Raw(AnyValue? value, int depth) =>
        value?.ValueCase switch
        {
            AnyValue.ValueOneofCase.StringValue => value.StringValue,
            AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
            AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
            AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString(CultureInfo.InvariantCulture),
            AnyValue.ValueOneofCase.BytesValue => $"({value.BytesValue.Length} bytes)",
            AnyValue.ValueOneofCase.ArrayValue when depth < 3 => "["
                + string.Join(", ", value.ArrayValue.Values.Take(MaximumItems).Select(item => Raw(item, depth + 1)))
                + "]",
            AnyValue.ValueOneofCase.KvlistValue when depth < 3 => "{"
                + string.Join(
                    ", ",
                    value
                        .KvlistValue.Values.Where(static item => !Hygiene.IsDropped(item.Key))
                        .Take(MaximumItems)
                        .Select(item => $"{item.Key}: {Raw(item.Value, depth + 1)}")
                )
                + "}",
            AnyValue.ValueOneofCase.ArrayValue or AnyValue.ValueOneofCase.KvlistValue => "…",
            _ => "",
        };
}
