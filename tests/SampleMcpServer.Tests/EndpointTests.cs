using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace AspireGateway.SampleMcpServer.Tests;

/// <summary>What the process offers around the protocol: health, host filtering, and the caller's trace.</summary>
[Collection(nameof(SpanListeners))]
public sealed class EndpointTests(SampleServerFixture server) : IClassFixture<SampleServerFixture>, IDisposable
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string TraceParent = $"00-{TraceId}-b7ad6b7169203331-01";

    // No diagnostics handler: the test decides which trace context is sent.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Health_is_told_without_credentials(string path)
    {
        using var response = await _http.SendAsync(new(HttpMethod.Get, new Uri(server.Url, path)), Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_foreign_host_name_is_refused_so_that_no_web_page_can_rebind_its_name_to_this_server()
    {
        using var request = ListTools();
        request.Headers.Host = "attacker.example";

        using var refused = await _http.SendAsync(request, Cancel);
        using var accepted = await _http.SendAsync(ListTools(), Cancel);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        accepted.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task The_callers_trace_is_continued_from_the_header_and_from_the_message(bool inHeader, bool inMeta)
    {
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "Experimental.ModelContextProtocol",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId.ToHexString() == TraceId)
                {
                    spans.Enqueue($"{activity.Kind} {activity.DisplayName}");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var request = ListTools(inMeta ? TraceParent : null);
        if (inHeader)
        {
            request.Headers.Add("traceparent", TraceParent);
        }

        using var response = await _http.SendAsync(request, Cancel);
        await response.Content.ReadAsStringAsync(Cancel);

        spans.ShouldBe(["Server tools/list"]);
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage ListTools(string? traceParent = null)
    {
        JsonObject meta = new()
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };
        if (traceParent is not null)
        {
            meta["traceparent"] = traceParent;
        }

        JsonObject message = new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = "tools/list",
            ["params"] = new JsonObject { ["_meta"] = meta },
        };
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url, "/mcp"))
        {
            Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/list");
        return request;
    }
}
