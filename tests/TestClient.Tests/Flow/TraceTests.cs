using System.Collections.Concurrent;
using System.Diagnostics;
using AspireGateway.TestClient.Tests.Fakes;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>One run is one trace.</summary>
[Collection(nameof(SpanListeners))]
public sealed class TraceTests
{
    [Fact]
    public async Task Every_request_carries_the_printed_trace_id_the_browsers_and_the_messages_included()
    {
        await using var server = await FakeServer.StartAsync();

        var run = await TestRun.OfAsync(["call", server.Mcp.AbsoluteUri, "add", "--arg", "left=1", .. TestRun.AsAlice]);

        var trace = run.Lines[0]["trace ".Length..];
        server.Requests.Count.ShouldBeGreaterThan(9);
        server.Requests.ShouldAllBe(request => request.TraceParent!.StartsWith($"00-{trace}-"));
        server.To("/mcp")[^1].Body.ShouldContain($"\"traceparent\":\"00-{trace}-");
    }

    [Fact]
    public async Task Each_leg_has_its_span_in_the_trace_and_no_span_holds_a_secret()
    {
        await using var server = await FakeServer.StartAsync();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        var run = await TestRun.OfAsync(["call", server.Mcp.AbsoluteUri, "add", "--arg", "left=1", .. TestRun.AsAlice]);

        var trace = run.Lines[0]["trace ".Length..];
        var ours = spans.Where(span => span.TraceId.ToHexString() == trace).ToArray();
        ours.Where(static span => span.Source.Name == "AspireGateway.TestClient")
            .OrderBy(static span => span.StartTimeUtc)
            .Select(static span => span.OperationName)
            .ShouldBe([
                "testclient call",
                "oauth.discover",
                "oauth.discover",
                "oauth.register",
                "oauth.authorize",
                "oauth.callback",
                "oauth.token",
                "mcp.client tools/list",
                "mcp.client tools/call",
            ]);
        var authorize = ours.Single(static span => span.OperationName == "oauth.authorize");
        var callback = ours.Single(static span => span.OperationName == "oauth.callback");
        callback.ParentSpanId.ShouldBe(authorize.SpanId);
        callback.Links.Single().Context.TraceId.ToHexString().ShouldBe(trace);
        var said = string.Join(
            '\n',
            ours.Where(static span => span.Kind is not ActivityKind.Server).SelectMany(Describe)
        );
        server.Authorization.Secrets.ShouldAllBe(secret => !said.Contains(secret));
    }

    private static IEnumerable<string> Describe(Activity span) =>
        [
            span.DisplayName,
            span.StatusDescription ?? "",
            .. span.TagObjects.Select(static tag => $"{tag.Key}={tag.Value}"),
            .. span.Events.SelectMany(static e => e.Tags.Select(static tag => $"{tag.Value}")),
        ];
}
