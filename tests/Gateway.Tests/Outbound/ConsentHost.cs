using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit;
using AspireGateway.TestKit.Issuers;
using AspireGateway.TestKit.Targets;
using AspireGateway.TestKit.ThirdParty;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>The gateway with a target <c>notes</c> that wants each person's own token of a third party.</summary>
internal sealed class ConsentHost : IAsyncDisposable
{
    private readonly List<Browser> _browsers = [];

    private ConsentHost(GatewayHost gateway, FakeTarget notes, FakeAuthorizationServer thirdParty)
    {
        Gateway = gateway;
        Notes = notes;
        ThirdParty = thirdParty;
        Protection = TargetProtection.Protect(notes, thirdParty);
    }

    public GatewayHost Gateway { get; }

    public FakeTarget Notes { get; }

    public FakeAuthorizationServer ThirdParty { get; }

    public TargetProtection Protection { get; }

    public HttpClient Client { get; private set; } = null!;

    public static Task<ConsentHost> StartAsync(
        TimeProvider? time = null,
        params (string Key, string? Value)[] settings
    ) => StartAsync((_, _) => settings, time);

    /// <summary>Starts with an issuer that is prepared before the gateway asks it.</summary>
    public static Task<ConsentHost> StartAsync(Action<FakeIssuer> issuer) =>
        StartAsync(static (_, _) => [], issuer: issuer);

    /// <summary>Starts with settings that name the third party or the target.</summary>
    public static async Task<ConsentHost> StartAsync(
        Func<FakeAuthorizationServer, FakeTarget, (string Key, string? Value)[]> settings,
        TimeProvider? time = null,
        Action<FakeIssuer>? issuer = null
    )
    {
        var notes = await FakeTarget.StartNewAsync();
        var thirdParty = await FakeAuthorizationServer.StartNewAsync(time);
        (string, string?)[] all =
        [
            ("Gateway:Inbound:Issuers:0:SignIn:ClientId", "gateway"),
            ("Gateway:Targets:notes:Url", notes.Url),
            ("Gateway:Targets:notes:Credential", "authorization_code"),
            .. settings(thirdParty, notes),
        ];
        var host = new ConsentHost(await GatewayHost.StartAsync(time: time, settings: all), notes, thirdParty);
        issuer?.Invoke(host.Gateway.Issuer);
        host.Client = await host.Gateway.CreateReadyClientAsync();
        return host;
    }

    /// <summary>A token of a person for an agent.</summary>
    public string Token(string subject = "user-1", string client = "test-client") =>
        Gateway.Token(
            (_, payload) =>
            {
                payload["sub"] = subject;
                payload["azp"] = client;
            }
        );

    /// <summary>A browser in which everybody who is asked signs in as <paramref name="subject"/>.</summary>
    public Browser Browser(string subject = "user-1")
    {
        Gateway.Issuer.SignedInSubject = subject;
        var browser = new Browser(new InMemoryHost(Gateway.Server.CreateHandler()));
        _browsers.Add(browser);
        return browser;
    }

    /// <summary>Sends a modern request, from a client that can open links.</summary>
    public Task<McpAnswer> CallAsync(
        string name = "notes___echo",
        string? token = null,
        string path = "/mcp",
        string arguments = """{"text":"hi"}""",
        Action<JsonObject>? change = null
    ) => Client.ReadAsync(Modern.Call(path, name, arguments, token ?? Token(), change));

    /// <summary>Calls until the person is asked, and returns the link.</summary>
    public async Task<(Uri Url, string State)> AskAsync(string name = "notes___echo", string? token = null)
    {
        var answer = await CallAsync(name, token);
        var question = answer.Result.GetProperty("inputRequests").EnumerateObject().Single().Value;
        return (
            new Uri(question.GetProperty("params").GetProperty("url").GetString()!),
            answer.Result.GetProperty("requestState").GetString()!
        );
    }

    /// <summary>Opens the link, says yes, and comes back from the third party.</summary>
    public static async Task<BrowserPage> ConsentAsync(Browser browser, Uri url, Uri? stopAt = null)
    {
        var page = await browser.OpenAsync(url, cancellationToken: TestContext.Current.CancellationToken);
        return page.FindForm("connect") is null
            ? page
            : await browser.SubmitAsync(
                page,
                "connect",
                stopAt: stopAt,
                cancellationToken: TestContext.Current.CancellationToken
            );
    }

    /// <summary>Everything that a person does once, so that the next call of their agent succeeds.</summary>
    public async Task ConnectAsync(string subject = "user-1", string client = "test-client")
    {
        var (url, _) = await AskAsync(token: Token(subject, client));
        var page = await ConsentAsync(Browser(subject), url);
        page.Text.ShouldContain("is connected");
    }

    public async ValueTask DisposeAsync()
    {
        _browsers.ForEach(static browser => browser.Dispose());
        await Gateway.DisposeAsync();
        await Notes.DisposeAsync();
        await ThirdParty.DisposeAsync();
    }

    /// <summary>The gateway is in memory, everything else on the network.</summary>
    private sealed class InMemoryHost(HttpMessageHandler gateway) : DelegatingHandler(Network())
    {
        private readonly HttpMessageInvoker _gateway = new(gateway);

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) =>
            request.RequestUri!.Host == new Uri(GatewayHost.PublicUrl).Host
                ? _gateway.SendAsync(request, cancellationToken)
                : base.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _gateway.Dispose();
            base.Dispose(disposing);
        }

        private static SocketsHttpHandler Network() => new() { AllowAutoRedirect = false, UseCookies = false };
    }
}
