using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Dashboard.Telemetry.Protos;

namespace AspireGateway.Dashboard.Tests;

/// <summary>The flow of a trace for programs, and the ways to find a trace or a log record.</summary>
public sealed class TraceDocumentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_that_signs_in_gets_the_steps_of_a_trace_and_nobody_else_does()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var spans = new Spans();
        var refused = spans.AddHttp("testclient", "gateway", "POST", "/mcp", 401, 0);
        spans.Add(
            "gateway",
            "inbound.challenge",
            refused,
            2,
            1,
            failed: true,
            attributes: ("aspire_gateway.reason", "missing_token")
        );
        await spans.SendAsync(dashboard);

        var document = await dashboard.Client.GetFromJsonAsync<JsonElement>(
            "/api/traces/" + spans.TraceId,
            Cancellation
        );

        document.GetProperty("id").GetString().ShouldBe(spans.TraceId);
        document.GetProperty("errors").GetInt32().ShouldBe(0);
        var steps = document.GetProperty("steps").EnumerateArray().ToArray();
        steps.Select(static step => step.GetProperty("step").GetString()).ShouldBe(["A1", "A2"]);
        steps[1].GetProperty("isAnswer").GetBoolean().ShouldBeTrue();
        steps[1].GetProperty("status").GetString().ShouldBe("401");
        steps[1].GetProperty("problem").ValueKind.ShouldBe(JsonValueKind.Null);

        using var stranger = dashboard.NewClient();
        using var answer = await stranger.GetAsync("/api/traces/" + spans.TraceId, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_trace_that_is_not_there_is_not_found()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();

        using var answer = await dashboard.Client.GetAsync("/api/traces/" + new string('a', 32), Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Traces_are_found_by_the_hash_of_a_person()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var one = new Spans(new string('1', 32));
        one.Add("gateway", "inbound.authenticate", null, 0, 1, attributes: ("enduser.id", "00ff00ff00ff00ff"));
        await one.SendAsync(dashboard);
        var other = new Spans(new string('2', 32));
        other.Add("gateway", "inbound.authenticate", null, 0, 1, attributes: ("enduser.id", "11ee11ee11ee11ee"));
        await other.SendAsync(dashboard);

        var list = await dashboard.GetPageAsync("/traces?user=00ff00ff00ff00ff");
        var page = await dashboard.GetPageAsync("/traces/" + one.TraceId);

        list.QuerySelectorAll(".traces tbody tr")
            .ShouldHaveSingleItem()
            .GetAttribute("data-live")
            .ShouldBe(one.TraceId);
        page.QuerySelector("a[href='/traces?user=00ff00ff00ff00ff']").ShouldNotBeNull();
    }

    [Fact]
    public async Task Log_records_are_found_by_what_they_say_and_lead_to_their_trace()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        await LogAsync(dashboard, "The vault does not answer");
        await LogAsync(dashboard, "Something else");

        var page = await dashboard.GetPageAsync("/logs?text=VAULT");

        var entry = page.QuerySelectorAll(".entries li").ShouldHaveSingleItem();
        entry.TextContent.ShouldContain("The vault does not answer");
        entry.QuerySelector("a")!.GetAttribute("href").ShouldStartWith("/traces/" + new string('a', 32));
        (await dashboard.GetPageAsync("/logs?text=&level=nonsense")).QuerySelectorAll(".entries li").Length.ShouldBe(2);
    }

    private static Task LogAsync(RunningDashboard dashboard, string text) =>
        Spans.LogAsync(
            dashboard,
            "gateway",
            new LogRecord
            {
                SeverityNumber = 13,
                TraceId = Spans.Bytes(new string('a', 32)),
                SpanId = Spans.Bytes(new string('b', 16)),
                Body = new AnyValue { StringValue = text },
            }
        );
}
