using System.Globalization;
using System.Net;
using AngleSharp.Dom;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Dashboard.Tests;

public sealed class PagesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_overview_shows_each_resource_with_state_addresses_process_and_reason()
    {
        var time = new FakeTimeProvider(Samples.Noon + TimeSpan.FromMinutes(65));
        await using var dashboard = await RunningDashboard.StartSignedInAsync(time: time);
        dashboard.Feed.Set(Samples.Healthy("weather"));
        dashboard.Feed.Set(Samples.Exited("notes", 78, "The configuration was refused."));

        var page = await dashboard.GetPageAsync("/");

        page.QuerySelector("h1")!.TextContent.ShouldBe("Resources");
        page.QuerySelectorAll("tbody th[scope=row] a")
            .Select(static link => link.TextContent)
            .ShouldBe(["weather", "notes"]);
        var weather = Row(page, "weather");
        Cell(weather, "State").QuerySelector(".badge.good svg").ShouldNotBeNull();
        Cell(weather, "State").TextContent.Trim().ShouldBe("Healthy");
        Cell(weather, "Uptime").TextContent.ShouldContain("1 h 5 min");
        Cell(weather, "Process").TextContent.Trim().ShouldBe("pid 4242");
        var link = Cell(weather, "Addresses").QuerySelector("a").ShouldNotBeNull();
        link.GetAttribute("href").ShouldBe("http://localhost:5190");
        link.GetAttribute("rel").ShouldBe("noopener noreferrer");
        var notes = Row(page, "notes");
        Cell(notes, "State").QuerySelector(".badge.bad")!.TextContent.ShouldBe("Exited");
        Cell(notes, "State").TextContent.ShouldContain("The configuration was refused.");
        Cell(notes, "Process").TextContent.Trim().ShouldBe("exit code 78");
        page.QuerySelector(".summary")!.TextContent.ShouldBe("1 healthy1 exited");
    }

    [Fact]
    public async Task Parameters_stand_last_and_are_not_counted_because_nothing_of_them_runs()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(Samples.Healthy("demo-password") with { Type = "Parameter", State = ResourceState.Running });
        dashboard.Feed.Set(Samples.Healthy("weather") with { Detail = "after 1.9 s" });

        var page = await dashboard.GetPageAsync("/");

        page.QuerySelectorAll("tbody th[scope=row] a")
            .Select(static link => link.TextContent)
            .ShouldBe(["weather", "demo-password"]);
        page.QuerySelector(".summary")!.TextContent.ShouldBe("1 healthy");
        (await dashboard.GetPageAsync("/resources/weather"))
            .QuerySelector(".notice.good")!
            .TextContent.ShouldBe("Healthy after 1.9 s");
    }

    [Theory]
    [MemberData(nameof(AllStates))]
    public async Task Every_state_has_a_word_an_icon_and_a_colour(ResourceState state)
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(Samples.Healthy("weather") with { State = state });

        var badge = (await dashboard.GetPageAsync("/")).QuerySelector(".badge").ShouldNotBeNull();

        badge.TextContent.ShouldNotBeEmpty();
        badge.QuerySelector("svg[aria-hidden=true]").ShouldNotBeNull();
        badge.ClassList.Length.ShouldBe(2);
    }

    public static TheoryData<ResourceState> AllStates() => [.. Enum.GetValues<ResourceState>()];

    [Fact]
    public async Task The_page_of_a_resource_shows_its_newest_log_lines_without_a_script()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(Samples.Healthy("weather"));
        for (var i = 1; i <= 600; i++)
        {
            dashboard.Feed.Write("weather", $"line {i}", isError: i == 600, Samples.Noon);
        }

        var page = await dashboard.GetPageAsync("/resources/weather");

        page.QuerySelector("h1")!.TextContent.ShouldBe("weather");
        var lines = page.QuerySelectorAll("[role=log] .line");
        lines.Length.ShouldBe(500);
        lines[0].QuerySelector(".text")!.TextContent.ShouldBe("line 101");
        lines[^1].QuerySelector(".text")!.TextContent.ShouldBe("line 600");
        lines[^1].ClassList.Contains("error").ShouldBeTrue();
        lines[^1]
            .QuerySelector("time")!
            .GetAttribute("datetime")
            .ShouldBe(Samples.Noon.ToString("O", CultureInfo.InvariantCulture));
        page.QuerySelector("main")!.GetAttribute("data-live-url").ShouldBe("/live/resources/weather?after=600");
    }

    [Fact]
    public async Task An_unknown_resource_is_a_404_that_leads_back()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();

        foreach (var path in new[] { "/resources/weather", "/nothing-here" })
        {
            using var answer = await dashboard.Client.GetAsync(path, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("href=\"/\"");
        }
    }

    [Fact]
    public async Task Environment_is_shown_and_secrets_never_reach_the_browser()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(
            Samples.Healthy(
                "gateway",
                new EnvironmentEntry("Gateway__PublicUrl", "http://localhost:5180", IsSecret: false),
                new EnvironmentEntry("Marked", "canary-marked", IsSecret: true),
                new EnvironmentEntry("IdentityProvider__GatewayClientSecret", "canary-by-name", IsSecret: false),
                new EnvironmentEntry("OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=canary-header", IsSecret: false),
                new EnvironmentEntry("Store", "postgres://gateway:canary-in-url@localhost/db", IsSecret: false)
            )
        );

        var page = await dashboard.GetPageAsync("/resources/gateway");
        var rows = page.QuerySelectorAll(".environment tbody tr")
            .ToDictionary(
                static row => row.Children[0].TextContent,
                static row => row.Children[1].TextContent,
                StringComparer.Ordinal
            );
        rows["Gateway__PublicUrl"].ShouldBe("http://localhost:5180");
        foreach (var hidden in rows.Keys.Where(static name => name != "Gateway__PublicUrl"))
        {
            rows[hidden].ShouldBe("hidden", hidden);
        }

        (await dashboard.GetHtmlAsync("/resources/gateway")).ShouldNotContain("canary");
        (await dashboard.GetHtmlAsync("/")).ShouldNotContain("canary");
        (await LiveTests.FirstAsync(dashboard, "/live/resources/gateway", "page")).ShouldNotContain("canary");
    }

    [Fact]
    public async Task Hostile_text_is_shown_as_text()
    {
        const string hostile = "<script>alert(1)</script>\"'&\u202E\u0007";
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(
            Samples.Healthy(hostile, new EnvironmentEntry(hostile, hostile, IsSecret: false)) with
            {
                Detail = hostile,
                Source = hostile,
                Type = hostile,
                Urls =
                [
                    new ResourceUrl(hostile, "javascript:alert(1)"),
                    new ResourceUrl("http", "http://localhost:5190/\"onclick=\"x"),
                ],
            }
        );
        dashboard.Feed.Write(hostile, hostile);

        var overview = await dashboard.GetPageAsync("/");
        var path = overview.QuerySelector("tbody th a")!.GetAttribute("href")!;
        var page = await dashboard.GetPageAsync(path);

        foreach (var document in new[] { overview, page })
        {
            document.QuerySelectorAll("script").ShouldHaveSingleItem().HasAttribute("src").ShouldBeTrue();
            document.QuerySelectorAll("a[href^='javascript' i], [onclick]").ShouldBeEmpty();
            document.Source.Text.ShouldNotContain("\u202E");
            document.Source.Text.ShouldNotContain("\u0007");
        }

        page.QuerySelector("h1")!.TextContent.ShouldBe("<script>alert(1)</script>\"'&\uFFFD\u2407");
        page.QuerySelector(".line .text")!.TextContent.ShouldBe("<script>alert(1)</script>\"'&\uFFFD\u2407");
        page.QuerySelector(".links")!.TextContent.ShouldContain("javascript:alert(1)");
    }

    [Fact]
    public async Task Without_an_engine_the_overview_says_so()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();

        var page = await dashboard.GetPageAsync("/");

        page.QuerySelector(".empty")!.TextContent.ShouldContain("No engine is attached");
    }

    internal static IElement Row(IDocument page, string resource) =>
        page.QuerySelectorAll("tbody tr").Single(row => row.QuerySelector("th a")?.TextContent == resource);

    internal static IElement Cell(IElement row, string label) =>
        row.QuerySelector($"td[data-label='{label}']").ShouldNotBeNull();
}
