using System.Diagnostics.CodeAnalysis;
using AngleSharp.Html.Parser;

namespace AspireGateway.Dashboard.Tests;

public sealed class LiveTests
{
    private const string WeatherPath = "/live/resources/weather";

    // Only what never comes takes so long, on however busy a machine.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_lines_arrive_as_they_are_written_and_encoded()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(Samples.Healthy("weather"));
        dashboard.Feed.Write("weather", "part of the page");
        using var timeout = Timeout();
        await using var events = dashboard
            .WatchAsync($"{WeatherPath}?after=1", cancellationToken: timeout.Token)
            .GetAsyncEnumerator(timeout.Token);

        // The first event shows that the stream is open; only then is the line written.
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.EventType.ShouldBe("page");
        dashboard.Feed.Write("weather", "\u001b[33mwarn\u001b[0m: <b>storm</b>");
        do
        {
            (await events.MoveNextAsync()).ShouldBeTrue();
        } while (events.Current.EventType != "log");

        events.Current.EventId.ShouldBe("2");
        var line = Parse(events.Current.Data).QuerySelectorAll(".line .text").ShouldHaveSingleItem();
        line.TextContent.ShouldBe("warn: <b>storm</b>");
        line.QuerySelector(".t-yellow")!.TextContent.ShouldBe("warn");
    }

    [Fact]
    public async Task A_lost_connection_goes_on_behind_the_last_line()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(Samples.Healthy("weather"));
        for (var i = 1; i <= 5; i++)
        {
            dashboard.Feed.Write("weather", $"line {i}");
        }

        var data = await FirstAsync(dashboard, $"{WeatherPath}?after=1", "log", lastEventId: "3");

        Parse(data)
            .QuerySelectorAll(".line .text")
            .Select(static line => line.TextContent)
            .ShouldBe(["line 4", "line 5"]);
    }

    [Fact]
    public async Task A_change_of_state_arrives_on_the_overview_and_on_the_resource()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(Samples.Healthy("weather") with { State = ResourceState.Starting });

        foreach (var path in new[] { "/live", WeatherPath })
        {
            using var timeout = Timeout();
            await using var events = dashboard
                .WatchAsync(path, cancellationToken: timeout.Token)
                .GetAsyncEnumerator(timeout.Token);
            (await events.MoveNextAsync()).ShouldBeTrue();
            events.Current.Data.ShouldContain("Starting");

            dashboard.Feed.Set(Samples.Healthy("weather"));
            do
            {
                (await events.MoveNextAsync()).ShouldBeTrue();
            } while (!events.Current.Data.Contains("Healthy", StringComparison.Ordinal));

            dashboard.Feed.Set(Samples.Healthy("weather") with { State = ResourceState.Starting });
        }
    }

    [Fact]
    public async Task Each_live_part_of_a_page_has_its_counterpart_in_the_event()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(Samples.Healthy("weather"));

        foreach (var (page, live) in new[] { ("/", "/live"), ("/resources/weather", WeatherPath) })
        {
            var shown = await dashboard.GetPageAsync(page);
            shown.QuerySelector("main")!.GetAttribute("data-live-url")!.ShouldStartWith(live);
            var update = Parse(await FirstAsync(dashboard, live, "page"));
            update
                .QuerySelectorAll("[data-live]")
                .Select(static part => part.GetAttribute("data-live"))
                .ShouldBe(
                    shown.QuerySelectorAll("[data-live]").Select(static part => part.GetAttribute("data-live")),
                    ignoreOrder: true
                );
        }
    }

    [Fact]
    public async Task Open_views_end_when_the_dashboard_stops()
    {
        var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(Samples.Healthy("weather"));
        using var timeout = Timeout();
        await using var events = dashboard
            .WatchAsync(WeatherPath, cancellationToken: timeout.Token)
            .GetAsyncEnumerator(timeout.Token);
        (await events.MoveNextAsync()).ShouldBeTrue();

        var stopped = dashboard.StopAsync();
        while (await events.MoveNextAsync())
        {
            // What was still under way.
        }

        await stopped;
        await dashboard.DisposeAsync();
    }

    [Fact]
    public async Task A_viewer_that_goes_away_leaves_nothing_behind()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(Samples.Healthy("weather"));

        await FirstAsync(dashboard, WeatherPath, "page");

        await dashboard.Feed.NobodyWatches.WaitAsync(Longest, Cancellation);
    }

    /// <summary>Data of the first event of a type.</summary>
    internal static async Task<string> FirstAsync(
        RunningDashboard dashboard,
        string path,
        string type,
        string? lastEventId = null
    )
    {
        using var timeout = Timeout();
        await foreach (var item in dashboard.WatchAsync(path, lastEventId, timeout.Token))
        {
            if (item.EventType == type)
            {
                return item.Data;
            }
        }

        throw new InvalidOperationException($"{path} ended without an event of type {type}.");
    }

    private static CancellationTokenSource Timeout()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        source.CancelAfter(Longest);
        return source;
    }

    private static AngleSharp.Html.Dom.IHtmlDocument Parse([StringSyntax("html")] string html) =>
        new HtmlParser().ParseDocument(html);
}
