using System.Buffers;
using AspireGateway.Dashboard.Telemetry.Protos;
using Google.Protobuf;

namespace AspireGateway.Dashboard.Telemetry;

/// <summary>The three export messages and what both transports say about them.</summary>
internal static class OtlpMessages
{
    /// <summary>
    /// Largest message, after decompression. Exporters send batches of some hundred kilobytes; parsed it takes a few
    /// times as much, for as long as the request lasts.
    /// </summary>
    public const int MaximumBytes = 4 * 1024 * 1024;

    public const string Malformed = "The body is no valid OTLP protobuf message of this signal.";

    public static readonly MessageParser<ExportTraceRequest> Traces =
        ExportTraceRequest.Parser.WithDiscardUnknownFields(true);

    public static readonly MessageParser<ExportMetricsRequest> Metrics =
        ExportMetricsRequest.Parser.WithDiscardUnknownFields(true);

    public static readonly MessageParser<ExportLogsRequest> Logs = ExportLogsRequest.Parser.WithDiscardUnknownFields(
        true
    );

    /// <summary>Null when the bytes are no such message.</summary>
    public static T? TryParse<T>(this MessageParser<T> parser, ReadOnlySequence<byte> bytes)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
