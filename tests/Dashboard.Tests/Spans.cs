using System.Net;
using System.Net.Http.Headers;
using AspireGateway.Dashboard.Telemetry.Protos;
using Google.Protobuf;

namespace AspireGateway.Dashboard.Tests;

/// <summary>Builds traces as the programs of the system send them, and delivers them.</summary>
internal sealed class Spans(string traceId = "0123456789abcdef0123456789abcdef")
{
    private readonly ExportTraceRequest _request = new();
    private int _count;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string TraceId => traceId;

    /// <summary>Adds a span and returns its id.</summary>
    public string Add(
        string resource,
        string name,
        string? parent,
        int at,
        int milliseconds,
        SpanKind kind = SpanKind.Internal,
        bool failed = false,
        params (string Name, string Value)[] attributes
    )
    {
        var id = (++_count).ToString("x16");
        Add(resource, id, name, parent, at, milliseconds, kind, failed, attributes);
        return id;
    }

    public Span Add(
        string resource,
        string id,
        string name,
        string? parent,
        int at,
        int milliseconds,
        SpanKind kind,
        bool failed,
        params (string Name, string Value)[] attributes
    )
    {
        var span = AddTo(_request, resource, traceId, id, name, at);
        span.ParentSpanId = parent is null ? ByteString.Empty : Bytes(parent);
        span.Kind = kind;
        span.EndTimeUnixNano = span.StartTimeUnixNano + (ulong)milliseconds * 1_000_000;
        span.Status = failed ? new SpanStatus { Code = SpanStatusCode.Error } : null;
        span.Attributes.Add(attributes.Select(static value => Pair(value.Name, value.Value)));
        return span;
    }

    /// <summary>Adds a span of any trace, which begins so many milliseconds after noon and ends at once.</summary>
    public static Span AddTo(ExportTraceRequest request, string resource, string trace, string id, string name, int at)
    {
        var start = (ulong)(Samples.Noon.AddMilliseconds(at) - DateTimeOffset.UnixEpoch).Ticks * 100;
        var span = new Span
        {
            TraceId = Bytes(trace),
            SpanId = Bytes(id),
            Name = name,
            StartTimeUnixNano = start,
            EndTimeUnixNano = start,
        };
        request.ResourceSpans.Add(
            new ResourceSpans
            {
                Resource = new Resource { Attributes = { Pair("service.name", resource) } },
                ScopeSpans = { new ScopeSpans { Spans = { span } } },
            }
        );
        return span;
    }

    /// <summary>An HTTP request: the asking side's span and the answering side's below it. Returns the latter's id.</summary>
    public string AddHttp(
        string from,
        string to,
        string method,
        string path,
        int status,
        int at,
        string? parent = null,
        int milliseconds = 8
    )
    {
        var asked = Add(
            from,
            method,
            parent,
            at,
            milliseconds,
            SpanKind.Client,
            status >= 400,
            ("http.request.method", method),
            ("url.full", "http://localhost:1" + path),
            ("http.response.status_code", status.ToString())
        );
        return Add(
            to,
            $"{method} {path}",
            asked,
            at + 1,
            milliseconds - 2,
            SpanKind.Server,
            failed: false,
            ("http.request.method", method),
            ("url.path", path),
            ("http.response.status_code", status.ToString())
        );
    }

    public async Task SendAsync(RunningDashboard dashboard) =>
        await SendAsync(dashboard, "/v1/traces", _request.ToByteArray());

    public static async Task LogAsync(RunningDashboard dashboard, string resource, LogRecord record) =>
        await SendAsync(
            dashboard,
            "/v1/logs",
            new ExportLogsRequest
            {
                ResourceLogs =
                {
                    new ResourceLogs
                    {
                        Resource = new Resource { Attributes = { Pair("service.name", resource) } },
                        ScopeLogs =
                        {
                            new ScopeLogs
                            {
                                Scope = new InstrumentationScope { Name = "A.Category" },
                                LogRecords = { record },
                            },
                        },
                    },
                },
            }.ToByteArray()
        );

    public static KeyValue Pair(string name, string value) =>
        new()
        {
            Key = name,
            Value = new AnyValue { StringValue = value },
        };

    public static ByteString Bytes(string hex) => ByteString.CopyFrom(Convert.FromHexString(hex));

    public static async Task SendAsync(RunningDashboard dashboard, string path, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(dashboard.OtlpHttpUrl, path));
        request.Headers.Add("x-otlp-api-key", RunningDashboard.OtlpApiKey);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var answer = await dashboard.Client.SendAsync(request, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
