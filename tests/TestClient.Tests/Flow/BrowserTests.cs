using System.Net;
using AspireGateway.TestClient.OAuth;
using AspireGateway.TestClient.SignIn;
using AspireGateway.TestClient.Tests.Fakes;

namespace AspireGateway.TestClient.Tests.Flow;

/// <summary>Signing in with a person's browser, which is another program.</summary>
public sealed class BrowserTests : IDisposable
{
    private readonly HttpClient _browser = new(new SocketsHttpHandler());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_browser_is_opened_and_the_person_reads_that_they_can_go_back()
    {
        await using var server = await FakeServer.StartAsync(new() { SingleSignOn = true });
        var launcher = new Launcher(_browser);

        var run = await TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri], browser: launcher);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Lines[^1].ShouldStartWith("✔ signed in, 5 tools listed");
        run.Output.ShouldContain("opened in your browser");
        run.Output.ShouldNotContain("Open this address");
        var page = await launcher.Page.Task;
        page.ShouldContain("You are signed in");
    }

    [Fact]
    public async Task Without_a_browser_the_whole_address_is_printed_to_be_opened_by_hand()
    {
        await using var server = await FakeServer.StartAsync(new() { SingleSignOn = true });
        using var output = new WatchedWriter(static line => line.StartsWith("http", StringComparison.Ordinal));
        var run = TestRun.OfAsync(["tools", server.Mcp.AbsoluteUri], output: output);

        var address = await output.LineAsync(Cancel);
        using var response = await _browser.GetAsync(new Uri(address), Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await run).ExitCode.ShouldBe(0, output.ToString());
    }

    [Fact]
    public async Task The_listener_turns_strangers_away_and_goes_on_waiting()
    {
        await using var listener = await CallbackListener.StartAsync(Cancel);
        var request = new AuthorizationRequest(
            new Uri("http://as.example/authorize?state=right"),
            listener.RedirectUri,
            "right",
            "http://as.example",
            IssuerRequired: true
        );
        var answer = listener.ExpectAsync(request, Cancel);

        (await StatusAsync($"{listener.RedirectUri}?code=stolen&state=wrong&iss=http://as.example")).ShouldBe(403);
        (await StatusAsync($"{listener.RedirectUri}?code=stolen")).ShouldBe(403);
        (await StatusAsync($"{listener.RedirectUri}?code=a&code=b&state=right")).ShouldBe(403);
        (await StatusAsync(new Uri(listener.RedirectUri, "/elsewhere").AbsoluteUri)).ShouldBe(404);
        (
            await StatusAsync($"{listener.RedirectUri}?code=c&state=right&iss=http://as.example", "rebound.example")
        ).ShouldBe(404);
        answer.IsCompleted.ShouldBeFalse();
        (await StatusAsync($"{listener.RedirectUri}?code=c&state=right&iss=http://as.example")).ShouldBe(200);

        (await answer).Code.ShouldBe("c");
        (await StatusAsync($"{listener.RedirectUri}?code=again&state=right&iss=http://as.example")).ShouldBe(403);
    }

    public void Dispose() => _browser.Dispose();

    private async Task<int> StatusAsync(string url, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Host = host;
        using var response = await _browser.SendAsync(request, Cancel);
        return (int)response.StatusCode;
    }

    private sealed class Launcher(HttpClient browser) : IBrowserLauncher
    {
        public TaskCompletionSource<string> Page { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool TryOpen(Uri url)
        {
            _ = VisitAsync(url);
            return true;
        }

        private async Task VisitAsync(Uri url) => Page.SetResult(await browser.GetStringAsync(url, Cancel));
    }
}
