using System.Net;
using AspireGateway.Dashboard.Logs;
using AspireGateway.Dashboard.Pages;
using AspireGateway.Dashboard.Telemetry.Protos;
using AspireGateway.Dashboard.Traces;
using Google.Protobuf;

namespace AspireGateway.Dashboard.Tests;

/// <summary>Whatever a sender sends, the pages stay up, encode it, and the memory stays bounded.</summary>
public sealed class HostileTraceTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&\u202E\u0007</svg>";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hostile_names_and_megabytes_are_shown_as_text_and_cut()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var spans = new Spans();
        spans.Add(
            Hostile,
            Hostile,
            null,
            0,
            5,
            failed: true,
            attributes:
            [
                (Hostile, Hostile),
                ("large", new string('x', 1024 * 1024)),
                ("aspire_gateway.reason", Hostile),
                ("gen_ai.tool.name", Hostile),
            ]
        );
        spans.AddHttp(Hostile, "gateway", Hostile, "/mcp", 500, 3);
        spans.Add(
            "gateway",
            "target.call",
            null,
            6,
            5,
            SpanKind.Client,
            failed: true,
            ("aspire_gateway.reason", Hostile)
        );
        await spans.SendAsync(dashboard);

        foreach (var path in new[] { "/traces", "/traces/" + spans.TraceId, "/logs" })
        {
            var page = await dashboard.GetPageAsync(path);
            page.QuerySelectorAll("script").ShouldHaveSingleItem().HasAttribute("src").ShouldBeTrue();
            page.Source.Text.ShouldNotContain("\u202E");
            page.Source.Text.ShouldNotContain("\u0007");
            page.Source.Text.Length.ShouldBeLessThan(100_000);
        }

        var waterfall = await dashboard.GetPageAsync("/traces/" + spans.TraceId);
        waterfall.QuerySelector(".span-name")!.TextContent.ShouldContain("<script>alert(1)</script>");
        waterfall.QuerySelector(".attributes")!.TextContent.ShouldContain("1048576 characters");
    }

    [Fact]
    public async Task Circles_missing_parents_wrong_clocks_and_duplicates_are_survived()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var spans = new Spans();
        Add("00000000000000a1", "in a circle", "00000000000000a2");
        Add("00000000000000a2", "in a circle", "00000000000000a1");
        Add("00000000000000a3", "own parent", "00000000000000a3");
        Add("00000000000000a4", "without parent", "00000000000000ff");
        Add("00000000000000a5", "root", null);
        Add("00000000000000a5", "root", null);
        var early = Add("00000000000000a6", "before its parent", "00000000000000a5");
        early.StartTimeUnixNano = 0;
        early.EndTimeUnixNano = 0;
        var late = Add("00000000000000a7", "at the end of time", "00000000000000a5");
        late.StartTimeUnixNano = ulong.MaxValue;
        late.EndTimeUnixNano = 1;
        await spans.SendAsync(dashboard);

        var page = await dashboard.GetPageAsync("/traces/" + spans.TraceId);

        page.QuerySelectorAll(".span-name")
            .Select(static name => name.TextContent)
            .ShouldBe([
                "own parent",
                "root",
                "before its parent",
                "at the end of time",
                "without parent",
                "in a circle",
                "in a circle",
            ]);
        (await dashboard.GetPageAsync("/traces")).QuerySelectorAll(".traces tbody tr").ShouldHaveSingleItem();

        Span Add(string id, string name, string? parent) =>
            spans.Add("gateway", id, name, parent, 0, 5, SpanKind.Internal, failed: false);
    }

    [Fact]
    public async Task Secrets_are_dropped_on_receipt_and_what_is_none_is_kept()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var spans = new Spans();
        spans.Add(
            "gateway",
            "GET /callback?code=canary",
            null,
            0,
            5,
            attributes:
            [
                ("url.query", "?code=canary&state=canary"),
                ("url.full", "http://localhost:5180/callback?code=canary"),
                ("url.path", "/connect/canaryCANARYcanaryCANARYcanaryCANARYcanary1"),
                ("http.request.header.authorization", "Bearer canary"),
                ("http.request.header.cookie", "a=canary"),
                ("client_secret", "canary"),
                ("access_token", "canary"),
                (
                    "note",
                    "sent eyJhbGciOiJub25lIn0.canary.canary and Bearer canarycanarycanary to postgres://me:canary@db"
                ),
                ("gen_ai.usage.input_tokens", "42"),
                ("aspire_gateway.credential.kind", "authorization_code"),
            ]
        );
        await spans.SendAsync(dashboard);

        var html = await dashboard.GetHtmlAsync("/traces/" + spans.TraceId);

        html.ShouldNotContain("canary", Case.Insensitive);
        html.ShouldContain("http://localhost:5180/callback?*");
        html.ShouldContain("gen_ai.usage.input_tokens");
        html.ShouldContain("authorization_code");
    }

    [Fact]
    public async Task Hostile_log_records_are_shown_as_text_and_cut()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        await Spans.LogAsync(
            dashboard,
            Hostile,
            new LogRecord
            {
                TimeUnixNano = ulong.MaxValue,
                SeverityNumber = int.MaxValue,
                Body = new AnyValue { StringValue = Hostile + new string('x', 1024 * 1024) },
                Attributes = { Spans.Pair(Hostile, Hostile), Spans.Pair("access_token", "canary") },
                TraceId = Spans.Bytes("00ff"),
            }
        );

        var page = await dashboard.GetPageAsync("/logs");

        page.QuerySelectorAll("script").ShouldHaveSingleItem().HasAttribute("src").ShouldBeTrue();
        page.Source.Text.ShouldNotContain("\u202E");
        page.Source.Text.ShouldNotContain("\u0007");
        page.Source.Text.ShouldNotContain("canary");
        page.Source.Text.Length.ShouldBeLessThan(100_000);
        var entry = page.QuerySelectorAll(".entries > li").ShouldHaveSingleItem();
        entry.TextContent.ShouldContain("<script>alert(1)</script>");
        entry.QuerySelector("a").ShouldBeNull("an id that is none leads nowhere");
    }

    [Fact]
    public async Task More_traces_than_are_kept_leave_a_list_that_answers_with_the_newest()
    {
        const int Sent = TraceStore.MaximumTraces + 100;
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        foreach (var some in Enumerable.Range(1, Sent).Chunk(1_000))
        {
            var request = new ExportTraceRequest();
            foreach (var i in some)
            {
                Spans.AddTo(request, "gateway", i.ToString("x32"), i.ToString("x16"), $"request {i}", i);
            }

            await Spans.SendAsync(dashboard, "/v1/traces", request.ToByteArray());
        }

        var page = await dashboard.GetPageAsync("/traces");

        page.QuerySelector("[data-live=count]")!
            .TextContent.ShouldBe(
                $"{Wording.Count(TraceStore.MaximumTraces, "trace", "traces")}, the newest {TraceViews.TracesOnPage} are shown"
            );
        page.QuerySelectorAll(".traces tbody tr").Length.ShouldBe(TraceViews.TracesOnPage);
        page.QuerySelector(".traces .name")!.TextContent.ShouldBe($"request {Sent}");
        using var oldest = await dashboard.Client.GetAsync($"/traces/{100:x32}", Cancellation);
        oldest.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var kept = await dashboard.Client.GetAsync($"/traces/{101:x32}", Cancellation);
        kept.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void The_oldest_trace_goes_when_there_are_too_many_or_they_are_too_large()
    {
        var store = new TraceStore();
        for (var i = 0; i < TraceStore.MaximumTraces + 10; i++)
        {
            store.Add([Span(i.ToString("x32"), "1")]);
        }
        store.All.Count.ShouldBe(TraceStore.MaximumTraces);
        store.Find(9.ToString("x32")).ShouldBeNull();
        store.Find(10.ToString("x32")).ShouldNotBeNull();
        store.All[0].Id.ShouldBe((TraceStore.MaximumTraces + 9).ToString("x32"));

        var small = new TraceStore(budget: 2_000);
        for (var i = 0; i < 20; i++)
        {
            small.Add([Span(i.ToString("x32"), "1")]);
        }
        small.All.Count.ShouldBeInRange(1, 5);
        small.All[0].Id.ShouldBe(19.ToString("x32"));
    }

    [Fact]
    public void A_trace_keeps_so_many_spans_and_counts_the_rest()
    {
        var store = new TraceStore();
        store.Add([
            .. Enumerable
                .Range(0, TraceStore.MaximumSpansPerTrace + 7)
                .Select(static i => Span("t", i.ToString("x16"), i == 0 ? null : (i - 1).ToString("x16"))),
        ]);

        var trace = store.Find("t").ShouldNotBeNull();

        trace.Spans.Count.ShouldBe(TraceStore.MaximumSpansPerTrace);
        trace.Dropped.ShouldBe(7);
        trace.Tree[^1].Depth.ShouldBe(TraceStore.MaximumSpansPerTrace - 1);
    }

    [Fact]
    public void The_oldest_log_records_go_when_there_are_too_many_or_they_are_too_large()
    {
        var everything = new LogFilter(null, null, null, null);
        var many = new LogStore();
        many.Add("a", "b", Enumerable.Range(0, LogStore.Maximum + 5).Select(static i => Record($"record {i}", i)));
        var kept = many.Newest(everything, int.MaxValue);
        kept.Count.ShouldBe(LogStore.Maximum);
        kept[0].Text.ShouldBe($"record {LogStore.Maximum + 4}");
        kept[^1].Text.ShouldBe("record 5");

        var large = new LogStore();
        large.Add("a", "b", Enumerable.Repeat(Record(new string('x', 1024 * 1024), 1), 9_000));
        large
            .Newest(everything, int.MaxValue)
            .Sum(static entry => (long)entry.Text.Length)
            .ShouldBeInRange(1, LogStore.MaximumCharacters);

        static LogRecord Record(string text, int at) =>
            new()
            {
                TimeUnixNano = (ulong)at * 1000,
                Body = new AnyValue { StringValue = text },
            };
    }

    private static SpanRecord Span(string trace, string id, string? parent = null) =>
        new(trace, id, parent, "gateway", "a");
}
