using AspireGateway.Dashboard.Logs;
using AspireGateway.Dashboard.Metrics;
using AspireGateway.Dashboard.Telemetry.Protos;
using AspireGateway.Dashboard.Traces;

namespace AspireGateway.Dashboard.Telemetry;

/// <summary>
/// What was received: spans and log records are handed on, and everything is counted per <c>service.name</c>. Bounded whatever is sent: so many services, names so long, and
/// the rest is counted under one collective name.
/// </summary>
internal sealed class TelemetryStore(TimeProvider time, TraceStore traces, LogStore logs, MetricStore charts)
{
    public const int MaximumServices = 200;
    public const string OtherServices = "(other services)";
    public const string UnnamedService = "(no service.name)";
    private const int MaximumNameLength = 120;

    // Guards the dictionary; held for a few additions only, never during parsing.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServiceTelemetry> _services = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Grows whenever something was received.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>All services that sent something, by name.</summary>
    public IReadOnlyList<ServiceTelemetry> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _services.Values.OrderBy(static service => service.Service, StringComparer.Ordinal)];
            }
        }
    }

    public ServiceTelemetry Get(string service)
    {
        lock (_lock)
        {
            return _services.GetValueOrDefault(service) ?? ServiceTelemetry.None(service);
        }
    }

    public void Add(ExportTraceRequest request)
    {
        foreach (var resource in request.ResourceSpans)
        {
            var name = ServiceName(resource.Resource);
            traces.Add([
                .. resource
                    .ScopeSpans.SelectMany(static scope => scope.Spans)
                    .Select(span => OtlpReader.Read(span, name))
                    .OfType<SpanRecord>(),
            ]);
            Add(resource.Resource, spans: resource.ScopeSpans.Sum(static scope => scope.Spans.Count));
        }
    }

    public void Add(ExportMetricsRequest request)
    {
        foreach (var resource in request.ResourceMetrics)
        {
            var metrics = resource.ScopeMetrics.SelectMany(static scope => scope.Metrics).ToArray();
            foreach (var metric in metrics)
            {
                charts.Add(Process(resource.Resource), metric);
            }
            Add(resource.Resource, points: metrics.Sum(Points));
        }
    }

    public void Add(ExportLogsRequest request)
    {
        foreach (var resource in request.ResourceLogs)
        {
            foreach (var scope in resource.ScopeLogs)
            {
                logs.Add(ServiceName(resource.Resource), scope.Scope?.Name ?? "", scope.LogRecords);
            }
            Add(resource.Resource, records: resource.ScopeLogs.Sum(static scope => scope.LogRecords.Count));
        }
    }

    private void Add(Resource? resource, int spans = 0, int points = 0, int records = 0)
    {
        if (spans + points + records == 0)
        {
            return;
        }

        var name = ServiceName(resource);
        lock (_lock)
        {
            if (!_services.ContainsKey(name) && _services.Count >= MaximumServices)
            {
                name = OtherServices;
            }

            var known = _services.GetValueOrDefault(name) ?? ServiceTelemetry.None(name);
            _services[name] = known with
            {
                Spans = known.Spans + spans,
                MetricPoints = known.MetricPoints + points,
                LogRecords = known.LogRecords + records,
                LastReceived = time.GetUtcNow(),
            };
        }
        Interlocked.Increment(ref _version);
    }

    private static int Points(Metric metric) =>
        metric.DataCase switch
        {
            Metric.DataOneofCase.Sum => metric.Sum.DataPoints.Count,
            Metric.DataOneofCase.Histogram => metric.Histogram.DataPoints.Count,
            _ => (metric.Gauge ?? metric.ExponentialHistogram ?? metric.Summary)?.DataPoints.Count ?? 0,
        };

    // Replicas have one name, and each counts for itself.
    private static string Process(Resource? resource) =>
        $"{ServiceName(resource)}\n{Attribute(resource, "service.instance.id")}";

    private static string ServiceName(Resource? resource) =>
        Attribute(resource, "service.name") is { Length: > 0 } name ? name : UnnamedService;

    private static string Attribute(Resource? resource, string name)
    {
        var value = resource?.Attributes.FirstOrDefault(attribute => attribute.Key == name)?.Value?.StringValue;
        return string.IsNullOrWhiteSpace(value) ? ""
            : value.Length > MaximumNameLength ? value[..MaximumNameLength]
            : value;
    }
}
