using System.Collections.Concurrent;
using System.IO.Compression;
using AspireGateway.Dashboard;
using AspireGateway.LocalHosting;
using AspireGateway.TestKit;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>
/// Receives the telemetry of a whole system: keeps it as it was sent, before anybody has cleaned it, and hands it on to a dashboard.
/// </summary>
internal sealed class TelemetryTee : LoopbackServer
{
    private const string ApiKey = "otlp-api-key-for-tests";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<(string Path, byte[] Message)> _messages = new();
    private readonly DashboardHost _dashboard;

    private TelemetryTee(DashboardHost dashboard) => _dashboard = dashboard;

    /// <summary>The dashboard's address, with its login token.</summary>
    public Uri DashboardUrl => _dashboard.PageUrl;

    /// <summary>Every span so far, as it was sent.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    /// <summary>Every log record so far, as it was sent.</summary>
    public IReadOnlyList<ReceivedLog> Logs =>
        [
            .. _messages
                .Where(static one => one.Path == "/v1/logs")
                .SelectMany(static one => ReceivedLog.AllOf(one.Message)),
        ];

    /// <summary>Everything so far: spans, metrics and log records as OTLP messages, unpacked, with the path that says which of them.</summary>
    public IReadOnlyList<(string Path, byte[] Message)> Messages => [.. _messages];

    /// <summary>Starts receiver and dashboard.</summary>
    public static async Task<TelemetryTee> StartNewAsync(CancellationToken cancel)
    {
        var dashboard = await DashboardHost.StartAsync(
            new DashboardOptions
            {
                Url = new Uri("http://localhost:0"),
                OtlpGrpcUrl = new Uri("http://localhost:0"),
                LoginToken = "login-token-for-tests",
                OtlpApiKey = ApiKey,
            },
            cancel
        );
        var tee = new TelemetryTee(dashboard);
        await tee.StartAsync();
        return tee;
    }

    /// <summary>What a program must be told to send its telemetry here.</summary>
    public Dictionary<string, string> VariablesOf(string resource) =>
        new(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = BaseUrl,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = resource,
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "500",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "2000",
        };

    /// <summary>Tells every program of a model.</summary>
    public void AddTo(IDistributedApplicationBuilder model)
    {
        foreach (var resource in Written<ProjectResource>.AllOf(model))
        {
            foreach (var (name, value) in VariablesOf(resource.Resource.Name))
            {
                resource.WithEnvironment(name, value);
            }
        }

        foreach (var keycloak in Written<ExecutableResource>.AllOf(model))
        {
            keycloak
                .WithEnvironment("KC_TRACING_ENDPOINT", BaseUrl)
                .WithEnvironment("KC_TRACING_PROTOCOL", "http/protobuf")
                .WithEnvironment("KC_TRACING_SAMPLER_RATIO", "1.0")
                .WithEnvironment("KC_TRACING_SERVICE_NAME", keycloak.Resource.Name);
        }
    }

    /// <summary>Stops the dashboard too.</summary>
    public async Task EndAsync()
    {
        await DisposeAsync();
        await _dashboard.DisposeAsync();
        _http.Dispose();
    }

    protected override async Task AnswerAsync(HttpContext context, RecordedRequest request)
    {
        var message = Unpacked(request);
        _messages.Enqueue((request.Path, message));
        if (request.Path == "/v1/traces")
        {
            foreach (var span in ReceivedSpan.AllOf(message))
            {
                _spans.Enqueue(span);
            }
        }

        // They are kept above.
        ClearRequests();
        await HandOnAsync(context, request);
    }

    private async Task HandOnAsync(HttpContext context, RecordedRequest request)
    {
        using var copy = new HttpRequestMessage(HttpMethod.Post, new Uri(_dashboard.OtlpHttpUrl, request.Path))
        {
            Content = new ByteArrayContent(request.Body),
        };
        copy.Headers.Add("x-otlp-api-key", ApiKey);
        foreach (var name in (string[])["Content-Type", "Content-Encoding"])
        {
            if (request.Headers.TryGetValue(name, out var value))
            {
                copy.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await _http.SendAsync(copy, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static byte[] Unpacked(RecordedRequest request)
    {
        if (request.Headers.GetValueOrDefault("Content-Encoding") != "gzip")
        {
            return request.Body;
        }

        using var packed = new GZipStream(new MemoryStream(request.Body), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        packed.CopyTo(whole);
        return whole.ToArray();
    }
}
