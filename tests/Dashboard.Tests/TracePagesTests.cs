using System.Net;
using AngleSharp.Dom;
using AspireGateway.Dashboard.Telemetry.Protos;
using AspireGateway.Dashboard.Traces.Flow;
using AspireGateway.TestKit;

namespace AspireGateway.Dashboard.Tests;

public sealed class TracePagesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sign_in_is_drawn_with_the_numbers_of_the_documented_flow()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var spans = SignIn();
        await spans.SendAsync(dashboard);

        var page = await dashboard.GetPageAsync("/traces/" + spans.TraceId);

        Participants(page).ShouldBe(["Client", "Gateway", "Identity provider", "Browser", "Target"]);
        Steps(page).ShouldBe(["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "", "A11"]);
        var arrows = page.QuerySelectorAll(".sequence a.leg");
        arrows[0].GetAttribute("aria-label").ShouldBe("A1 Client to Gateway: no token: POST");
        arrows[^2].GetAttribute("aria-label").ShouldBe("Gateway to Target: tools/call get_forecast 200");
        arrows.ShouldAllBe(arrow => page.QuerySelector(arrow.GetAttribute("href")!) != null);
        page.QuerySelectorAll(".legs li").Length.ShouldBe(arrows.Length);
        page.QuerySelectorAll(".failed").ShouldBeEmpty("the first 401 asks for a sign-in and is no failure");
        page.QuerySelectorAll("[style], [onclick]").ShouldBeEmpty("the content security policy allows none");
    }

    [Fact]
    public async Task A_refused_token_is_a_failed_leg_that_says_in_words_what_was_wrong()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var spans = new Spans();
        var request = spans.AddHttp("testclient", "gateway", "POST", "/mcp", 401, 0);
        spans.Add(
            "gateway",
            "inbound.authenticate",
            request,
            2,
            1,
            failed: true,
            attributes: ("aspire_gateway.reason", "wrong_audience")
        );
        spans.Add(
            "gateway",
            "inbound.challenge",
            request,
            3,
            1,
            failed: true,
            attributes: ("aspire_gateway.reason", "wrong_audience")
        );
        await spans.SendAsync(dashboard);

        var page = await dashboard.GetPageAsync("/traces/" + spans.TraceId);
        page.QuerySelectorAll(".sequence .leg.failed")
            .ShouldHaveSingleItem()
            .GetAttribute("aria-label")
            .ShouldNotBeNull()
            .ShouldStartWith(
                "A2 Gateway to Client: failed 401 wrong_audience: aud does not name this gateway, or only another target. Fix: Ask for the token with resource"
            );
        page.QuerySelector(".notice.bad")!.TextContent.ShouldContain("wrong_audience");

        await Spans.LogAsync(
            dashboard,
            "gateway",
            new LogRecord
            {
                SeverityNumber = 13,
                TraceId = Spans.Bytes(spans.TraceId),
                Body = new AnyValue { StringValue = "Refused" },
                Attributes =
                {
                    Spans.Pair("Reason", "wrong_audience"),
                    Spans.Pair("Explanation", "The words of the gateway."),
                },
            }
        );
        page = await dashboard.GetPageAsync("/traces/" + spans.TraceId);
        page.QuerySelector(".notice.bad")!
            .TextContent.ShouldContain(
                "wrong_audience: The words of the gateway. Fix: Ask for the token with resource"
            );
    }

    [Fact]
    public void Every_code_of_the_error_guide_is_explained_with_cause_and_fix_in_plain_words()
    {
        var codes = File.ReadLines(Repository.File("docs/errors.md"))
            .Where(static line => line.StartsWith("### ", StringComparison.Ordinal))
            .Select(static line => line[4..])
            .ToList();

        codes.ShouldNotBeEmpty();
        foreach (var code in codes)
        {
            var (cause, fix) = ErrorGuide.Find(code).ShouldNotBeNull(code);
            cause.ShouldNotBeEmpty(code);
            fix.ShouldNotBeEmpty(code);
            (cause + fix).ShouldNotContain("](", customMessage: code);
            (cause + fix).ShouldNotContain("\n", customMessage: code);
        }

        ErrorGuide.Find("no_such_code").ShouldBeNull();
    }

    [Fact]
    public async Task A_discovery_that_is_answered_with_a_challenge_has_succeeded_and_another_401_has_not()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var spans = new Spans();
        var root = spans.Add("gateway", "oauth.discover", null, 0, 50, SpanKind.Client);
        spans.AddHttp("gateway", "notes", "POST", "/mcp", 401, 5, root);
        await spans.SendAsync(dashboard);
        var discovery = await dashboard.GetPageAsync("/traces/" + spans.TraceId);
        discovery.QuerySelectorAll(".failed").ShouldBeEmpty();
        discovery.QuerySelector(".sequence .label")!.TextContent.ShouldBe("no token: where to sign in?");

        spans = new Spans(new string('b', 32));
        root = spans.Add("gateway", "target.call", null, 0, 50, SpanKind.Client);
        spans.AddHttp("gateway", "notes", "POST", "/mcp", 401, 5, root);
        await spans.SendAsync(dashboard);
        (await dashboard.GetPageAsync("/traces/" + spans.TraceId)).QuerySelectorAll(".failed").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_consent_is_drawn_up_to_the_call_that_comes_after_it()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var spans = new Spans();
        var root = spans.Add("testclient", "testclient call", null, 0, 500);
        var first = spans.AddHttp("testclient", "gateway", "POST", "/mcp", 200, 1, root);
        spans.Add("gateway", "consent.required", first, 2, 1);
        var browser = spans.Add("testclient", "consent.browser", root, 20, 200);
        spans.AddHttp("testclient", "gateway", "GET", "/connect/x", 302, 30, browser);
        spans.AddHttp("testclient", "corp", "GET", "/realms/corp/protocol/openid-connect/auth", 302, 40, browser);
        spans.AddHttp("testclient", "gateway", "GET", "/connect/x", 200, 50, browser);
        spans.AddHttp("testclient", "gateway", "POST", "/connect/x", 303, 60, browser);
        spans.AddHttp("testclient", "partner", "GET", "/realms/partner/protocol/openid-connect/auth", 200, 70, browser);
        var callback = spans.AddHttp("testclient", "gateway", "GET", "/connect/callback/notes", 200, 80, browser, 40);
        var bound = spans.Add("gateway", "consent.callback", callback, 82, 30);
        var token = spans.Add("gateway", "oauth.token", bound, 84, 20, SpanKind.Client);
        spans.AddHttp("gateway", "partner", "POST", "/realms/partner/protocol/openid-connect/token", 200, 86, token);
        var again = spans.AddHttp("testclient", "gateway", "POST", "/mcp", 200, 300, root, 50);
        spans.Add(
            "gateway",
            "target.call",
            again,
            310,
            20,
            SpanKind.Client,
            failed: false,
            ("aspire_gateway.target", "notes")
        );
        await spans.SendAsync(dashboard);

        var page = await dashboard.GetPageAsync("/traces/" + spans.TraceId);

        Steps(page).ShouldBe(["B1", "B2", "", "B3", "B4", "B5", "B6", "B7", "B8", "B8", "B9", "", "B10"]);
        Participants(page).ShouldBe(["Client", "Gateway", "Identity provider", "Browser", "Third party", "Target"]);
    }

    [Fact]
    public async Task An_HTTP_request_that_is_called_by_its_method_alone_says_where_it_went()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var spans = new Spans();
        (string, string)[] request =
        [
            ("http.request.method", "GET"),
            ("url.full", "http://localhost:5181/realms/corp/.well-known/openid-configuration?a=b"),
        ];
        spans.Add("gateway", "GET", null, 0, 5, SpanKind.Client, attributes: request);
        spans.Add("gateway", "oauth.discover", null, 6, 5, attributes: request);
        await spans.SendAsync(dashboard);

        var list = await dashboard.GetPageAsync("/traces");
        var page = await dashboard.GetPageAsync("/traces/" + spans.TraceId);

        const string Title = "GET localhost:5181/realms/corp/.well-known/openid-configuration";
        list.QuerySelector(".traces th a")!.TextContent.ShouldBe(Title);
        page.QuerySelectorAll(".span-name").Select(static name => name.TextContent).ShouldBe([Title, "oauth.discover"]);
    }

    [Fact]
    public async Task The_list_shows_the_newest_first_makes_errors_stand_out_and_filters_by_query_string()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var good = new Spans(new string('1', 32));
        good.Add(
            "gateway",
            "good",
            null,
            0,
            5,
            attributes: [("aspire_gateway.target", "weather"), ("gen_ai.tool.name", "get_forecast")]
        );
        await good.SendAsync(dashboard);
        var bad = new Spans(new string('2', 32));
        bad.Add("notes", "bad", null, 1000, 5, failed: true, attributes: ("aspire_gateway.reason", "target_timeout"));
        await bad.SendAsync(dashboard);

        (await NamesAsync("/traces")).ShouldBe(["bad", "good"]);
        (await NamesAsync("/traces?outcome=error")).ShouldBe(["bad"]);
        (await NamesAsync("/traces?outcome=ok")).ShouldBe(["good"]);
        (await NamesAsync("/traces?resource=notes")).ShouldBe(["bad"]);
        (await NamesAsync("/traces?target=weather")).ShouldBe(["good"]);
        (await NamesAsync("/traces?tool=forecast")).ShouldBe(["good"]);
        (await NamesAsync("/traces?tool=nothing")).ShouldBeEmpty();
        var page = await dashboard.GetPageAsync("/traces?outcome=error");
        page.QuerySelector("tr.failed .bad-text")!.TextContent.ShouldBe("target_timeout");
        page.QuerySelector("main")!.GetAttribute("data-live-url").ShouldBe("/live/traces?outcome=error");
        page.QuerySelector("nav a[aria-current=page]")!.TextContent.ShouldBe("Traces");

        async Task<string[]> NamesAsync(string path) =>
            [
                .. (await dashboard.GetPageAsync(path))
                    .QuerySelectorAll(".traces th a")
                    .Select(static link => link.TextContent),
            ];
    }

    [Fact]
    public async Task The_page_of_a_trace_follows_what_arrives()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var spans = SignIn();
        await spans.SendAsync(dashboard);

        var fragment = await LiveTests.FirstAsync(dashboard, "/live/traces/" + spans.TraceId, "page");

        fragment.ShouldContain("A11 Gateway to Client");
        (await LiveTests.FirstAsync(dashboard, "/live/traces", "page")).ShouldContain(spans.TraceId);
    }

    [Fact]
    public async Task An_unknown_trace_is_a_404()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        using var answer = await dashboard.Client.GetAsync("/traces/" + new string('9', 32), Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Logs_are_filtered_and_lead_to_their_trace()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        await Spans.LogAsync(
            dashboard,
            "gateway",
            new LogRecord
            {
                SeverityNumber = 9,
                Body = new AnyValue { StringValue = "all is well" },
            }
        );
        await Spans.LogAsync(
            dashboard,
            "notes",
            new LogRecord
            {
                SeverityNumber = 17,
                TimeUnixNano = 5,
                TraceId = Spans.Bytes(new string('1', 32)),
                SpanId = Spans.Bytes(new string('2', 16)),
                Body = new AnyValue { StringValue = "<b>broken</b> at http://localhost/callback?code=canary" },
                Attributes = { Spans.Pair("access_token", "canary"), Spans.Pair("Tool", "add_note") },
            }
        );

        (await dashboard.GetPageAsync("/logs")).QuerySelectorAll(".entries li").Length.ShouldBe(2);
        foreach (
            var path in new[] { "/logs?level=warning", "/logs?resource=notes", "/logs?trace=" + new string('1', 32) }
        )
        {
            var entry = (await dashboard.GetPageAsync(path)).QuerySelectorAll(".entries li").ShouldHaveSingleItem();
            entry.QuerySelector("summary")!.TextContent.ShouldBe("<b>broken</b> at http://localhost/callback?*");
            entry
                .QuerySelector("a")!
                .GetAttribute("href")
                .ShouldBe($"/traces/{new string('1', 32)}#span-{new string('2', 16)}");
        }

        (await dashboard.GetHtmlAsync("/logs")).ShouldNotContain("canary");
    }

    private static Spans SignIn()
    {
        var spans = new Spans();
        var root = spans.Add("testclient", "testclient call", null, 0, 500);
        var first = spans.AddHttp("testclient", "gateway", "POST", "/mcp", 401, 1, root);
        spans.Add(
            "gateway",
            "inbound.challenge",
            first,
            3,
            1,
            failed: true,
            attributes: ("aspire_gateway.reason", "missing_token")
        );
        spans.AddHttp("testclient", "gateway", "GET", "/.well-known/oauth-protected-resource/mcp", 200, 20, root);
        spans.AddHttp(
            "testclient",
            "corp",
            "GET",
            "/.well-known/oauth-authorization-server/realms/corp",
            200,
            30,
            root
        );
        spans.AddHttp("testclient", "corp", "POST", "/realms/corp/clients-registrations/openid-connect", 201, 40, root);
        var authorize = spans.Add("testclient", "oauth.authorize", root, 50, 100, SpanKind.Client);
        spans.AddHttp("testclient", "corp", "GET", "/realms/corp/protocol/openid-connect/auth", 302, 60, authorize);
        spans.Add("testclient", "oauth.callback", authorize, 140, 1, SpanKind.Server);
        spans.AddHttp("testclient", "corp", "POST", "/realms/corp/protocol/openid-connect/token", 200, 200, root);
        var call = spans.AddHttp("testclient", "gateway", "POST", "/mcp", 200, 300, root, 60);
        spans.Add("gateway", "inbound.authenticate", call, 302, 1);
        var target = spans.Add("gateway", "target.call", call, 310, 30, SpanKind.Client);
        var message = spans.Add(
            "gateway",
            "tools/call get_forecast",
            target,
            311,
            28,
            SpanKind.Client,
            failed: false,
            ("mcp.method.name", "tools/call"),
            ("gen_ai.tool.name", "get_forecast")
        );
        spans.Add(
            "weather",
            "POST /mcp",
            message,
            313,
            20,
            SpanKind.Server,
            failed: false,
            ("http.request.method", "POST"),
            ("url.path", "/mcp"),
            ("http.response.status_code", "200")
        );
        return spans;
    }

    private static string[] Participants(IDocument page) =>
        [.. page.QuerySelectorAll(".participant text").Select(static text => text.TextContent)];

    private static string[] Steps(IDocument page) =>
        [
            .. page.QuerySelectorAll(".sequence a.leg")
                .Select(static leg => leg.QuerySelector(".number")?.TextContent ?? ""),
        ];
}
