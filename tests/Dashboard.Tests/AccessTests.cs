using System.Net;

namespace AspireGateway.Dashboard.Tests;

public sealed class AccessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_printed_URL_signs_in_and_leads_to_the_resources()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var login = await dashboard.Client.GetAsync(dashboard.PageUrl, Cancellation);
        login.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        login.Headers.Location.ShouldBe(new Uri("/", UriKind.Relative));

        using var page = await dashboard.Client.GetAsync("/", Cancellation);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_the_cookie_every_page_is_refused_and_says_where_the_URL_is()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        foreach (var path in new[] { "/", "/resources/weather", "/nothing-here" })
        {
            using var answer = await dashboard.Client.GetAsync(path, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
            (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("AppHost");
        }
    }
}
