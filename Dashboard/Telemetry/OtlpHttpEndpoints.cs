using System.IO.Pipelines;
using AspireGateway.Dashboard.Telemetry.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace AspireGateway.Dashboard.Telemetry;

/// <summary>OTLP over HTTP, in its binary encoding.</summary>
internal static class OtlpHttpEndpoints
{
    private const string Protobuf = "application/x-protobuf";

    public static void MapOtlpHttp(this IEndpointRouteBuilder app)
    {
        Map(app, "/v1/traces", OtlpMessages.Traces, static (store, request) => store.Add(request));
        Map(app, "/v1/metrics", OtlpMessages.Metrics, static (store, request) => store.Add(request));
        Map(app, "/v1/logs", OtlpMessages.Logs, static (store, request) => store.Add(request));
    }

    private static void Map<T>(
        IEndpointRouteBuilder app,
        string path,
        MessageParser<T> parser,
        Action<TelemetryStore, T> add
    )
        where T : class, IMessage<T> =>
        app.MapPost(
            path,
            async (HttpRequest request, TelemetryStore store, CancellationToken cancellationToken) =>
            {
                if (Unsupported(request) is { } reason)
                {
                    return Refuse(StatusCodes.Status415UnsupportedMediaType, reason);
                }

                try
                {
                    if (await ReadAsync(request.BodyReader, parser, cancellationToken) is not { } message)
                    {
                        return Refuse(StatusCodes.Status400BadRequest, OtlpMessages.Malformed);
                    }

                    add(store, message);
                    return new ProtobufResult(StatusCodes.Status200OK, new ExportResponse());
                }
                catch (BadHttpRequestException e)
                {
                    return Refuse(e.StatusCode, e.Message);
                }
                catch (InvalidDataException)
                {
                    return Refuse(StatusCodes.Status400BadRequest, "The body is not what its Content-Encoding says.");
                }
            }
        );

    // Decompression takes the header away; what is still there is an encoding that nobody here understands.
    private static string? Unsupported(HttpRequest request) =>
        !IsProtobuf(request.ContentType)
            ? $"Send {Protobuf} (OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf); other formats are not supported."
        : request.Headers.ContentEncoding.Count > 0 ? "Send the body as it is, or with Content-Encoding gzip."
        : null;

    private static bool IsProtobuf(string? contentType) =>
        contentType?.Split(';')[0].Trim().Equals(Protobuf, StringComparison.OrdinalIgnoreCase) == true;

    // The body's size is limited by the server, and after decompression by its middleware. Null: malformed.
    private static async Task<T?> ReadAsync<T>(
        PipeReader body,
        MessageParser<T> parser,
        CancellationToken cancellationToken
    )
        where T : class, IMessage<T>
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            if (result.IsCompleted)
            {
                // Parsed before it is given back: the memory belongs to the reader.
                var message = parser.TryParse(result.Buffer);
                body.AdvanceTo(result.Buffer.End);
                return message;
            }

            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static ProtobufResult Refuse(int httpStatus, string message) =>
        new(httpStatus, new ErrorStatus { Code = (int)StatusCode.InvalidArgument, Message = message });

    private sealed class ProtobufResult(int status, IMessage message) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = Protobuf;
            return httpContext.Response.Body.WriteAsync(message.ToByteArray(), httpContext.RequestAborted).AsTask();
        }
    }
}
