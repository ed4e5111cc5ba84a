using AspireGateway.Dashboard.Telemetry.Protos;
using Google.Protobuf;

namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>One span as its sender sent it.</summary>
internal sealed record ReceivedSpan(string Trace, string Id, string Parent, string Resource, string Name, Span Data)
{
    /// <summary>Everything in it that is text: names and values of attributes, of events and of the status.</summary>
    public IEnumerable<(string Where, string Text)> Texts =>
        [
            ("name", Name),
            ("status", Data.Status?.Message ?? ""),
            .. Data.Attributes.Select(static value => (value.Key, value.Value.ToString())),
            .. Data.Events.SelectMany(static moment =>
                moment.Attributes.Select(value => (value.Key, value.Value.ToString())).Append(("event", moment.Name))
            ),
            .. Data.Links.SelectMany(static link =>
                link.Attributes.Select(value => (value.Key, value.Value.ToString()))
            ),
        ];

    /// <summary>Text of an attribute; null where it has none.</summary>
    public string? this[string attribute] =>
        Data.Attributes.FirstOrDefault(value => value.Key == attribute)?.Value is { } found
            ? found.HasStringValue
                ? found.StringValue
                : found.ToString()
            : null;

    /// <summary>All spans of an OTLP message.</summary>
    public static IEnumerable<ReceivedSpan> AllOf(byte[] message) =>
        ExportTraceRequest
            .Parser.ParseFrom(message)
            .ResourceSpans.SelectMany(static sent =>
            {
                var resource =
                    sent.Resource.Attributes.FirstOrDefault(static value =>
                        value.Key == "service.name"
                    )?.Value.StringValue
                    ?? "";
                return sent
                    .ScopeSpans.SelectMany(static scope => scope.Spans)
                    .Select(span => new ReceivedSpan(
                        Hex(span.TraceId),
                        Hex(span.SpanId),
                        Hex(span.ParentSpanId),
                        resource,
                        span.Name,
                        span
                    ));
            });

    private static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);
}
