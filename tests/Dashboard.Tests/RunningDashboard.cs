using System.Net;
using System.Net.ServerSentEvents;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace AspireGateway.Dashboard.Tests;

/// <summary>A dashboard on dynamic ports, with a client that keeps cookies as a browser does but follows nothing by itself.</summary>
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

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static DashboardOptions Options(TimeProvider? time = null, string loginToken = LoginToken) =>
        new()
        {
            Url = new Uri("http://localhost:0"),
            OtlpGrpcUrl = new Uri("http://localhost:0"),
            LoginToken = loginToken,
            OtlpApiKey = OtlpApiKey,
            TimeProvider = time ?? TimeProvider.System,
        };

    public static async Task<RunningDashboard> StartAsync(
        FakeFeed? feed = null,
        TimeProvider? time = null,
        string loginToken = LoginToken
    )
    {
        feed ??= new FakeFeed();
        return new RunningDashboard(
            await DashboardHost.StartAsync(Options(time, loginToken), feed, Cancellation),
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
        using var answer = await Client.GetAsync(PageUrl, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    public HttpClient NewClient() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                CookieContainer = new CookieContainer(),
                // A stream that is left is closed at once, as a browser does.
                ResponseDrainTimeout = TimeSpan.Zero,
                Expect100ContinueTimeout = TimeSpan.FromSeconds(20),
            }
        )
        {
            BaseAddress = new Uri(PageUrl, "/"),
        };

    /// <summary>What is sent for a path, as it is.</summary>
    public Task<string> GetHtmlAsync(string path) => Client.GetStringAsync(path, Cancellation);

    /// <summary>The page at a path, which must exist.</summary>
    public async Task<IHtmlDocument> GetPageAsync(string path)
    {
        using var answer = await Client.GetAsync(path, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await new HtmlParser().ParseDocumentAsync(
            await answer.Content.ReadAsStringAsync(Cancellation),
            Cancellation
        );
    }

    /// <summary>Server-sent events of a path, until <paramref name="cancellationToken"/> or the server ends them.</summary>
    public async IAsyncEnumerable<SseItem<string>> WatchAsync(
        string path,
        string? lastEventId = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>Stops the dashboard while clients are still there.</summary>
    public async Task StopAsync() => await _host.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
    }
}
