using AngleSharp.Dom;
using AspireGateway.Dashboard.Metrics;
using AspireGateway.Dashboard.Telemetry.Protos;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Dashboard.Tests;

/// <summary>What the gateways count is drawn in small charts, whoever sends it and however often.</summary>
public sealed class MetricTests
{
    private const string Failures = "aspire_gateway.auth.failures";
    private const string Reason = "aspire_gateway.reason";

    [Fact]
    public async Task What_was_counted_since_the_last_report_is_added_up_over_replicas_and_restarts()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        await Measured.SendAsync(dashboard, "one", Measured.Sum(Failures, Reason, ("expired", 3)));
        await Measured.SendAsync(
            dashboard,
            "one",
            Measured.Sum(Failures, Reason, ("expired", 5), ("wrong_audience", 1))
        );
        await Measured.SendAsync(dashboard, "two", Measured.Sum(Failures, Reason, ("expired", 10)));
        await Measured.SendAsync(dashboard, "one", Measured.Sum(Failures, Reason, ("expired", 2)));

        var chart = await ChartAsync(dashboard, Failures);

        chart.QuerySelector("h2")!.TextContent.ShouldBe("Authentication failures");
        Legend(chart).ShouldBe(["expired 17", "wrong_audience 1"]);
        chart
            .QuerySelector("svg")!
            .GetAttribute("aria-label")
            .ShouldBe("Authentication failures of the last 15 minutes: expired 17, wrong_audience 1");
        chart.QuerySelectorAll("path.bars").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Durations_are_drawn_as_what_half_and_nearly_all_calls_stay_below()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        await Measured.SendAsync(
            dashboard,
            "one",
            Measured.Histogram("aspire_gateway.overhead", [0.001, 0.002, 0.1], [50, 45, 5, 0])
        );

        var chart = await ChartAsync(dashboard, "aspire_gateway.overhead");

        Legend(chart).ShouldBe(["half below 1.0 ms", "95 of 100 below 2.0 ms"]);
        chart.QuerySelectorAll("path.line").Length.ShouldBe(2);
        // One value has no neighbour to draw a line to.
        chart
            .QuerySelectorAll("path.dots")
            .ShouldAllBe(static dots => dots.GetAttribute("d")!.Split('M').Length == 2, "each series has one dot");
    }

    [Fact]
    public async Task A_chart_without_numbers_says_so_and_every_chart_has_its_words()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();

        var page = await dashboard.GetPageAsync("/metrics");

        page.QuerySelectorAll("figure.chart").Length.ShouldBe(6);
        page.QuerySelectorAll("figure.chart").ShouldAllBe(static chart => chart.TextContent.Contains("Nothing yet."));
        page.QuerySelector("nav [aria-current=page]")!.TextContent.ShouldBe("Metrics");
        page.QuerySelectorAll("[style], [onclick]").ShouldBeEmpty("the content security policy allows none");
    }

    [Fact]
    public async Task The_page_is_told_of_new_numbers_without_a_reload()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        var sent = false;
        await foreach (var news in dashboard.WatchAsync("/live/metrics", cancellationToken: timeout.Token))
        {
            if (!sent)
            {
                news.Data.ShouldNotContain("expired");
                await Measured.SendAsync(dashboard, "one", Measured.Sum(Failures, Reason, ("expired", 3)));
                sent = true;
            }
            else if (news.Data.Contains("expired", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail("The stream ended without the new numbers.");
    }

    [Fact]
    public void What_is_older_than_the_chart_is_forgotten()
    {
        var time = new FakeTimeProvider(Samples.Noon);
        var store = new MetricStore(time);
        store.Add("one", Measured.Sum(Failures, Reason, ("expired", 3)));
        Chart(store).Series.Single().Total.ShouldBe(3);

        time.Advance(TimeSteps<Buckets>.Length * (TimeSteps<Buckets>.Count - 1));
        store.Add("one", Measured.Sum(Failures, Reason, ("expired", 4)));
        Chart(store).Series.Single().Total.ShouldBe(4);

        time.Advance(TimeSteps<Buckets>.Length);
        Chart(store).Series.Single().Total.ShouldBe(1);
    }

    [Fact]
    public void A_sender_that_reports_only_what_is_new_is_understood()
    {
        var store = new MetricStore(TimeProvider.System);
        for (var i = 0; i < 3; i++)
        {
            var metric = Measured.Sum(Failures, Reason, ("expired", 2));
            metric.Sum.AggregationTemporality = AggregationTemporality.Delta;
            store.Add("one", metric);
        }

        Chart(store).Series.Single().Total.ShouldBe(6);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    [InlineData(1e300)]
    public void A_number_that_is_none_changes_nothing(double number)
    {
        var store = new MetricStore(TimeProvider.System);

        store.Add("one", Measured.Sum(Failures, Reason, ("expired", number)));
        Chart(store).Series.ShouldBeEmpty();

        store.Add("one", Measured.Sum(Failures, Reason, ("expired", 1)));
        Chart(store).Series.Single().Total.ShouldBe(1);
    }

    [Fact]
    public void Histograms_whose_parts_do_not_fit_are_left_out()
    {
        const string Duration = "aspire_gateway.duration";
        var store = new MetricStore(TimeProvider.System);

        store.Add("one", Measured.Histogram(Duration, [1, 2], [1, 1]));
        store.Add("one", Measured.Histogram(Duration, [2, 1], [1, 1, 1]));
        store.Add("one", Measured.Histogram(Duration, [double.NaN, 1], [1, 1, 1]));
        store.Add("one", Measured.Histogram(Duration, [], [1]));
        store.Add("one", Measured.Histogram(Duration, [.. Enumerable.Range(1, 500)], [.. new ulong[501]]));
        store.Add("one", Measured.Sum(Duration, Reason, ("a", 1)));
        store.Charts.Single(static chart => chart.Metric == Duration).Series.ShouldBeEmpty();

        store.Add("one", Measured.Histogram(Duration, [1, 2], [1, ulong.MaxValue, 1]));
        store.Charts.Single(static chart => chart.Metric == Duration).Series.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Thousands_of_hostile_names_are_one_group_and_shown_as_text()
    {
        const string Hostile = "<script>alert(1)</script>\u202E";
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        var points = Enumerable.Range(0, 5_000).Select(static i => ($"{Hostile}{i}", 1d)).ToArray();

        await Measured.SendAsync(dashboard, "one", Measured.Sum(Failures, Reason, points));
        await Measured.SendAsync(dashboard, "one", Measured.Sum("not drawn", Reason, points));

        var chart = await ChartAsync(dashboard, Failures);
        Legend(chart).Length.ShouldBe(MetricStore.MaximumGroups + 1);
        Legend(chart).ShouldContain($"(others) {Accumulation.MaximumSeries - MetricStore.MaximumGroups}");
        chart.QuerySelectorAll("script").ShouldBeEmpty();
        chart.OuterHtml.ShouldNotContain("\u202E");
    }

    private static MetricChart Chart(MetricStore store) =>
        store.Charts.Single(static chart => chart.Metric == Failures);

    private static async Task<IElement> ChartAsync(RunningDashboard dashboard, string metric) =>
        (await dashboard.GetPageAsync("/metrics"))
            .QuerySelectorAll("figure")
            .Single(figure => figure.GetAttribute("data-live") == metric);

    private static string[] Legend(IElement chart) =>
        [.. chart.QuerySelectorAll(".legend li").Select(static item => item.TextContent)];
}
