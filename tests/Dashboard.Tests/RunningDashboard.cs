using System.Net;

namespace AspireGateway.Dashboard.Tests;

/// <summary>A dashboard on dynamic ports, with clients that keep cookies as a browser does but follow nothing by themselves.</summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    public const string LoginToken = "login-token-for-tests";
    public const string OtlpApiKey = "otlp-api-key-for-tests";

    private readonly DashboardHost _host;

    private RunningDashboard(DashboardHost host, FakeFeed feed)
    {
        _host = host;
        Feed = feed;
        Client = NewClient();
    }

    public FakeFeed Feed { get; }

    /// <summary>A client that has not signed in until <see cref="SignInAsync"/>.</summary>
    public HttpClient Client { get; }

    public Uri PageUrl => _host.PageUrl;

    public Uri OtlpGrpcUrl => _host.OtlpGrpcUrl;

    public Uri OtlpHttpUrl => _host.OtlpHttpUrl;

    public static async Task<RunningDashboard> StartAsync(FakeFeed? feed = null, TimeProvider? time = null)
    {
        feed ??= new FakeFeed();
        var options = new DashboardOptions
        {
            Url = new Uri("http://localhost:0"),
            OtlpGrpcUrl = new Uri("http://localhost:0"),
            LoginToken = LoginToken,
            OtlpApiKey = OtlpApiKey,
            TimeProvider = time ?? TimeProvider.System,
        };
        return new RunningDashboard(
            await DashboardHost.StartAsync(options, feed, TestContext.Current.CancellationToken),
            feed
        );
    }

    public static async Task<RunningDashboard> StartSignedInAsync(FakeFeed? feed = null, TimeProvider? time = null)
    {
        var dashboard = await StartAsync(feed, time);
        await dashboard.SignInAsync();
        return dashboard;
    }

    public async Task SignInAsync()
    {
        using var answer = await Client.GetAsync(PageUrl, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    public HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri(PageUrl, "/"),
        };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
    }
}
