using System.Diagnostics;

namespace AspireGateway.Gateway.Telemetry;

/// <summary>
/// W3C trace context without baggage: what a client puts there would otherwise travel to every target, in headers that no
/// allow-list sees.
/// </summary>
internal sealed class NoBaggagePropagator : DistributedContextPropagator
{
    private static readonly DistributedContextPropagator Inner = CreateW3CPropagator();

    public override IReadOnlyCollection<string> Fields { get; } = ["traceparent", "tracestate"];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        Inner.Inject(
            activity,
            carrier,
            setter is null
                ? null
                : (target, name, value) =>
                {
                    if (Fields.Contains(name, StringComparer.Ordinal))
                    {
                        setter(target, name, value);
                    }
                }
        );

    public override void ExtractTraceIdAndState(
        object? carrier,
        PropagatorGetterCallback? getter,
        out string? traceId,
        out string? traceState
    ) => Inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(
        object? carrier,
        PropagatorGetterCallback? getter
    ) => null;
}
