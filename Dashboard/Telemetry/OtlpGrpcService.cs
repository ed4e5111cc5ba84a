using AspireGateway.Dashboard.Telemetry.Protos;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace AspireGateway.Dashboard.Telemetry;

/// <summary>OTLP over gRPC: three services with one method each, which differ in the message only.</summary>
internal sealed class OtlpGrpcService(TelemetryStore store)
{
    private static readonly Task<ExportResponse> Taken = Task.FromResult(new ExportResponse());

    /// <summary>
    /// Binds the methods by hand. Generated bindings parse before any code of ours runs, and answer a malformed message
    /// with UNKNOWN and an error in the log; the contract asks for INVALID_ARGUMENT.
    /// </summary>
    internal sealed class Methods : IServiceMethodProvider<OtlpGrpcService>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<OtlpGrpcService> context)
        {
            Bind(context, "trace", "TraceService", OtlpMessages.Traces, static (store, request) => store.Add(request));
            Bind(
                context,
                "metrics",
                "MetricsService",
                OtlpMessages.Metrics,
                static (store, request) => store.Add(request)
            );
            Bind(context, "logs", "LogsService", OtlpMessages.Logs, static (store, request) => store.Add(request));
        }

        private static void Bind<T>(
            ServiceMethodProviderContext<OtlpGrpcService> context,
            string signal,
            string service,
            MessageParser<T> parser,
            Action<TelemetryStore, T> add
        )
            where T : class, IMessage<T>
        {
            var method = new Method<T, ExportResponse>(
                MethodType.Unary,
                $"opentelemetry.proto.collector.{signal}.v1.{service}",
                "Export",
                Marshallers.Create(
                    static (request, serialization) => serialization.Complete(request.ToByteArray()),
                    received => Parse(parser, received)
                ),
                Marshallers.Create(
                    static (response, serialization) => serialization.Complete(response.ToByteArray()),
                    static received => ExportResponse.Parser.ParseFrom(received.PayloadAsReadOnlySequence())
                )
            );
            context.AddUnaryMethod(
                method,
                [],
                (receiver, request, _) =>
                {
                    add(receiver._store, request);
                    return Taken;
                }
            );
        }

        private static T Parse<T>(MessageParser<T> parser, DeserializationContext received)
            where T : class, IMessage<T> =>
            parser.TryParse(received.PayloadAsReadOnlySequence())
            ?? throw new RpcException(new Status(StatusCode.InvalidArgument, OtlpMessages.Malformed));
    }

    private readonly TelemetryStore _store = store;
}
