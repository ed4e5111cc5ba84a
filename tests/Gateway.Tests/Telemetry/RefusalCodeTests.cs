using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;
using AspireGateway.TestKit;

namespace AspireGateway.Gateway.Tests.Telemetry;

/// <summary>One code for one mistake: what a developer reads in the answer is what they find in log, span, audit record and guide.</summary>
[Collection(nameof(SpanListeners))]
public sealed class RefusalCodeTests
{
    private static readonly Uri Callback = new(GatewayHost.PublicUrl + "/connect/callback/notes");

    private static readonly Dictionary<string, Action<JsonObject>> WrongTokens = new(StringComparer.Ordinal)
    {
        [ErrorCodes.WrongAudience] = static payload => payload["aud"] = "somebody-else",
        [ErrorCodes.WrongIssuer] = static payload => payload["iss"] = "http://evil.example",
        [ErrorCodes.Expired] = static payload => payload["exp"] = In(-120),
        [ErrorCodes.NotYetValid] = static payload => payload["nbf"] = In(120),
        [ErrorCodes.InsufficientScope] = static payload => payload["scope"] = "openid",
    };

    private static readonly Dictionary<string, (string Path, string Body)> WrongRequests = new(StringComparer.Ordinal)
    {
        [ErrorCodes.UnknownTarget] = ("/mcp/nowhere", McpRequests.ListTools),
        [ErrorCodes.UnknownTool] = ("/mcp", McpRequests.CallTool("nowhere___nothing")),
        [ErrorCodes.Batch] = ("/mcp", $"[{McpRequests.ListTools}]"),
        [ErrorCodes.InvalidJson] = ("/mcp", "{"),
    };

    private static readonly Dictionary<string, Func<ConsentHost, Task<BrowserPage>>> WrongWays = new(
        StringComparer.Ordinal
    )
    {
        [ErrorCodes.WrongUser] = static async host =>
            await OpenAsync(host.Browser("user-2"), (await host.AskAsync()).Url),
        [ErrorCodes.UnknownConsent] = static host =>
            OpenAsync(host.Browser(), new Uri(GatewayHost.PublicUrl + "/connect/bm9uc2Vuc2Vub25zZW5zZW5vbnNl")),
        [ErrorCodes.WrongBrowser] = static async host =>
        {
            var answer = (
                await ConsentHost.ConsentAsync(host.Browser(), (await host.AskAsync()).Url, Callback)
            ).Location!;
            var other = host.Browser();
            await OpenAsync(other, (await host.AskAsync()).Url);
            return await OpenAsync(other, answer);
        },
        [ErrorCodes.WrongRedirect] = static async host =>
        {
            var browser = host.Browser();
            var answer = (await ConsentHost.ConsentAsync(browser, (await host.AskAsync()).Url, Callback)).Location!;
            return await OpenAsync(browser, new Uri(answer.OriginalString.Replace("/notes", "/weather")));
        },
        [ErrorCodes.NoPkce] = static host =>
        {
            host.ThirdParty.Behaviour.ChangeMetadata = static all => all.Remove("code_challenge_methods_supported");
            return GoOnAsync(host);
        },
        [ErrorCodes.IssuerMismatch] = static host =>
        {
            host.ThirdParty.Behaviour.ChangeMetadata = static all => all["issuer"] = "http://evil.example";
            return GoOnAsync(host);
        },
        [ErrorCodes.ResourceMismatch] = static host =>
        {
            host.Protection.ChangeMetadata = static all => all["resource"] = "http://evil.example/mcp";
            return GoOnAsync(host);
        },
        [ErrorCodes.ConsentDeclined] = static host =>
        {
            host.ThirdParty.Behaviour.Declines = true;
            return GoOnAsync(host);
        },
    };

    public static TheoryData<string> Tokens => [.. WrongTokens.Keys];

    public static TheoryData<string> Requests => [.. WrongRequests.Keys];

    public static TheoryData<string> Ways => [.. WrongWays.Keys];

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_refused_token_has_one_code_everywhere(string code)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        using var spans = new RecordedSpans();

        var answer = await client.SendAsync(
            "/mcp",
            McpRequests.ListTools,
            host.Token((_, payload) => WrongTokens[code](payload))
        );

        ShouldSay(answer.Error.GetProperty("data"), code);
        ShouldBeEverywhere(code, host, spans);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_refused_request_has_one_code_everywhere(string code)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        using var spans = new RecordedSpans();

        var (path, body) = WrongRequests[code];
        var answer = await client.SendAsync(path, body, host.Token());

        ShouldSay(answer.Error.GetProperty("data"), code);
        ShouldBeEverywhere(code, host, spans);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_consent_that_fails_has_one_code_everywhere(string code)
    {
        await using var host = await ConsentHost.StartAsync();
        using var spans = new RecordedSpans();

        var page = await WrongWays[code](host);

        page.Document.QuerySelector(".code code")!.TextContent.ShouldBe(code);
        ShouldBeEverywhere(code, host.Gateway, spans);
    }

    [Fact]
    public async Task A_call_that_needs_a_person_has_one_code_everywhere_though_it_was_answered()
    {
        await using var host = await ConsentHost.StartAsync();
        using var spans = new RecordedSpans();

        var answer = await host.CallAsync(change: Modern.WithoutCapabilities);

        ShouldSay(answer.Result.GetProperty("_meta").GetProperty("aspire-gateway/error"), ErrorCodes.ConsentRequired);
        ShouldBeEverywhere(ErrorCodes.ConsentRequired, host.Gateway, spans);
    }

    [Fact]
    public async Task A_target_that_is_down_has_one_code_everywhere()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        await host.Target.DisposeAsync();
        using var spans = new RecordedSpans();

        var answer = await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());

        ShouldSay(answer.Error.GetProperty("data"), ErrorCodes.TargetUnavailable);
        ShouldBeEverywhere(ErrorCodes.TargetUnavailable, host, spans);
    }

    [Fact]
    public async Task What_is_served_has_no_code()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        using var spans = new RecordedSpans();

        await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());

        spans.All.ShouldAllBe(static span => span.GetTagItem(Tags.Reason) == null);
        host.Logs.Text.ShouldNotContain("errors.md");
    }

    private static void ShouldSay(JsonElement data, string code)
    {
        data.GetProperty("reason").GetString().ShouldBe(code);
        data.GetProperty("help").GetString().ShouldBe("docs/errors.md#" + code);
    }

    private static void ShouldBeEverywhere(string code, GatewayHost host, RecordedSpans spans)
    {
        host.Logs.Text.ShouldContain(code);
        spans.All.ShouldContain(span => (span.GetTagItem(Tags.Reason) as string) == code);
        host.Audit().Count(record => record.GetProperty("reason").GetString() == code).ShouldBe(1);
    }

    private static Task<BrowserPage> OpenAsync(Browser browser, Uri url) =>
        browser.OpenAsync(url, cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<BrowserPage> GoOnAsync(ConsentHost host) =>
        await ConsentHost.ConsentAsync(host.Browser(), (await host.AskAsync()).Url);

    private static long In(int seconds) => TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();
}
