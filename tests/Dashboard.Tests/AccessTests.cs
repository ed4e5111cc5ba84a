using System.Net;
using AngleSharp.Html.Parser;

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
        var cookie = login.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldStartWith($"aspire-gateway-dashboard-{dashboard.PageUrl.Port}=");
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=strict", Case.Insensitive);
        cookie.ShouldNotContain(RunningDashboard.LoginToken);

        using var page = await dashboard.Client.GetAsync("/", Cancellation);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/resources/weather")]
    [InlineData("/live")]
    [InlineData("/live/resources/weather")]
    [InlineData("/nothing-here")]
    public async Task Without_the_cookie_every_page_is_refused_and_says_where_the_URL_is(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Feed.Set(Samples.Healthy("weather"));

        using var answer = await dashboard.Client.GetAsync(path, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        body.ShouldContain("dotnet run --project AppHost");
        body.ShouldNotContain("weather");
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Anybody_may_ask_whether_it_runs_and_learns_one_word(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        (await dashboard.Client.GetStringAsync(path, Cancellation)).ShouldBe("Healthy");
    }

    [Theory]
    [InlineData("/login")]
    [InlineData("/login?t=")]
    [InlineData("/login?t=login-token-for-test")]
    [InlineData("/login?t=login-token-for-testsX")]
    [InlineData("/login?t=LOGIN-TOKEN-FOR-TESTS")]
    public async Task A_missing_or_wrong_token_signs_nobody_in(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var login = await dashboard.Client.GetAsync(path, Cancellation);
        login.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        login.Headers.Contains("Set-Cookie").ShouldBeFalse();

        using var page = await dashboard.Client.GetAsync("/", Cancellation);
        page.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_pasted_into_the_form_of_the_refusal_signs_in()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var refusal = await dashboard.Client.GetAsync("/", Cancellation);
        var page = await new HtmlParser().ParseDocumentAsync(
            await refusal.Content.ReadAsStringAsync(Cancellation),
            Cancellation
        );
        var form = page.QuerySelector("form").ShouldNotBeNull();
        var field = form.QuerySelector("input").ShouldNotBeNull();
        page.QuerySelector($"label[for={field.Id}]").ShouldNotBeNull();

        using var answer = await dashboard.Client.GetAsync(
            $"{form.GetAttribute("action")}?{field.GetAttribute("name")}={RunningDashboard.LoginToken}",
            Cancellation
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task The_cookie_of_another_run_is_refused()
    {
        await using var before = await RunningDashboard.StartAsync(loginToken: "the-token-of-an-earlier-run");
        await using var dashboard = await RunningDashboard.StartAsync();
        using var login = await before.Client.GetAsync(before.PageUrl, Cancellation);
        var value = login.Headers.GetValues("Set-Cookie").Single().Split('=', ';')[1];
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", $"aspire-gateway-dashboard-{dashboard.PageUrl.Port}={value}");

        using var answer = await dashboard.Client.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Two_dashboards_on_one_machine_do_not_sign_each_other_out()
    {
        await using var first = await RunningDashboard.StartAsync();
        await using var second = await RunningDashboard.StartAsync(loginToken: "another-login-token");
        // One browser: cookies ignore ports.
        foreach (var dashboard in new[] { first, second })
        {
            using var login = await first.Client.GetAsync(dashboard.PageUrl, Cancellation);
            login.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }

        foreach (var dashboard in new[] { first, second })
        {
            using var page = await first.Client.GetAsync(new Uri(dashboard.PageUrl, "/"), Cancellation);
            page.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_link_in_another_site_signs_in_through_a_page_of_our_own()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, dashboard.PageUrl);
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        using var answer = await dashboard.Client.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.Contains("Set-Cookie").ShouldBeTrue();
        var page = await new HtmlParser().ParseDocumentAsync(
            await answer.Content.ReadAsStringAsync(Cancellation),
            Cancellation
        );
        page.QuerySelector("meta[http-equiv=refresh]")!.GetAttribute("content").ShouldBe("0;url=/");
    }

    [Theory]
    [InlineData("rebound.example")]
    [InlineData("localhost.example")]
    [InlineData("192.168.1.5")]
    public async Task A_name_that_is_not_loopback_is_refused_whoever_asks(string name)
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();

        foreach (var path in new[] { "/", dashboard.PageUrl.PathAndQuery, "/assets/frame.css", "/v1/traces" })
        {
            using var answer = await GetAsHostAsync(dashboard, path, name);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task Every_loopback_name_is_served(string name)
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();

        using var answer = await GetAsHostAsync(dashboard, dashboard.PageUrl.PathAndQuery, name);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Pages_allow_nothing_but_their_own_style_and_script()
    {
        await using var dashboard = await RunningDashboard.StartSignedInAsync();
        dashboard.Feed.Set(Samples.Healthy("weather"));

        using var answer = await dashboard.Client.GetAsync("/resources/weather", Cancellation);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();

        var page = await dashboard.GetPageAsync("/resources/weather");
        page.QuerySelectorAll("style, [style], script:not([src]), iframe, object").ShouldBeEmpty();
        foreach (var asset in page.QuerySelectorAll("link[href], script[src]"))
        {
            var url = asset.GetAttribute("href") ?? asset.GetAttribute("src")!;
            url.ShouldStartWith("/assets/");
            using var anonymous = dashboard.NewClient();
            using var content = await anonymous.GetAsync(url, Cancellation);
            content.StatusCode.ShouldBe(HttpStatusCode.OK, url);
            content.Headers.CacheControl!.ToString().ShouldContain("immutable");
        }
    }

    [Fact]
    public async Task Wrong_options_are_refused_all_at_once()
    {
        var options = new DashboardOptions
        {
            Url = new Uri("http://0.0.0.0:0"),
            OtlpGrpcUrl = new Uri("https://localhost:0"),
            LoginToken = "short",
            OtlpApiKey = "",
        };

        var error = await Should.ThrowAsync<ArgumentException>(() =>
            DashboardHost.StartAsync(options, new FakeFeed(), Cancellation)
        );

        foreach (var setting in new[] { "Url ", "OtlpGrpcUrl ", "LoginToken ", "OtlpApiKey " })
        {
            error.Message.ShouldContain(setting);
        }
    }

    [Fact]
    public async Task A_taken_port_is_an_IOException_and_a_free_one_is_used_as_it_was_given()
    {
        await using var holder = await RunningDashboard.StartAsync();
        var port = holder.PageUrl.Port;

        await Should.ThrowAsync<IOException>(() => StartOnAsync(port));
        await holder.DisposeAsync();

        await using var host = await StartOnAsync(port);
        host.PageUrl.GetLeftPart(UriPartial.Authority).ShouldBe($"http://localhost:{port}");
        host.OtlpHttpUrl.Port.ShouldBe(port);
        host.OtlpGrpcUrl.Port.ShouldNotBe(port);
    }

    private static Task<DashboardHost> StartOnAsync(int port) =>
        DashboardHost.StartAsync(
            new DashboardOptions
            {
                Url = new Uri($"http://localhost:{port}"),
                OtlpGrpcUrl = new Uri("http://localhost:0"),
                LoginToken = RunningDashboard.LoginToken,
                OtlpApiKey = RunningDashboard.OtlpApiKey,
            },
            new FakeFeed(),
            Cancellation
        );

    private static async Task<HttpResponseMessage> GetAsHostAsync(RunningDashboard dashboard, string path, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = $"{name}:{dashboard.PageUrl.Port}";
        return await dashboard.Client.SendAsync(request, Cancellation);
    }
}
