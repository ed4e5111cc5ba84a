using System.Net;
using System.Text;
using AspireGateway.TestKit;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What comes back to the gateway is used only if it belongs to the person, the browser, the target and the server that it left for.</summary>
public sealed class BindingTests
{
    private static readonly Uri Callback = new("http://gateway.test/connect/callback/notes");

    public static TheoryData<string, Func<Uri, Uri>, string> Changes =>
        new()
        {
            { "another target's redirect URI", static url => To(url, "/connect/callback/weather"), "wrong_redirect" },
            { "another state", static url => Set(url, "state", "invented"), "unknown_state" },
            { "no state", static url => Set(url, "state", null), "invalid_callback" },
            { "state twice", static url => Add(url, "state", "second"), "invalid_callback" },
            { "code twice", static url => Add(url, "code", "second"), "invalid_callback" },
            { "iss twice", static url => Add(url, "iss", "http://second.example"), "invalid_callback" },
            { "code and error", static url => Add(url, "error", "access_denied"), "invalid_callback" },
            { "no code", static url => Set(url, "code", null), "invalid_callback" },
            { "iss of another server", static url => Set(url, "iss", "http://evil.example"), "wrong_issuer" },
            { "iss with a slash more", static url => Set(url, "iss", Get(url, "iss") + "/"), "wrong_issuer" },
            { "no iss though it was promised", static url => Set(url, "iss", null), "wrong_issuer" },
        };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public async Task An_answer_that_does_not_belong_is_refused_and_no_code_is_used(
        string what,
        Func<Uri, Uri> change,
        string reason
    )
    {
        what.ShouldNotBeEmpty();
        await using var host = await ConsentHost.StartAsync();
        var browser = host.Browser();
        var stopped = await StopAtCallbackAsync(host, browser);

        var page = await browser.GetAsync(change(stopped), TestContext.Current.CancellationToken);

        ((int)page.Status).ShouldBeInRange(400, 499);
        host.ThirdParty.RequestsOf("/token").ShouldBeEmpty();
        host.Gateway.Audit().Count(line => line.GetProperty("reason").GetString() == reason).ShouldBe(1);
        (await host.CallAsync()).Result.GetProperty("resultType").GetString().ShouldBe("input_required");
    }

    [Fact]
    public async Task The_answer_as_it_is_connects()
    {
        await using var host = await ConsentHost.StartAsync();
        var browser = host.Browser();
        var stopped = await StopAtCallbackAsync(host, browser);

        var page = await browser.GetAsync(stopped, TestContext.Current.CancellationToken);

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain("is connected");
    }

    [Fact]
    public async Task Another_person_in_the_same_browser_cannot_finish_what_the_first_began()
    {
        await using var host = await ConsentHost.StartAsync();
        var browser = host.Browser();
        var stopped = await StopAtCallbackAsync(host, browser);

        var second = host.Token("user-2");
        var (link, _) = await host.AskAsync(token: second);
        host.Gateway.Issuer.SignedInSubject = "user-2";
        var refused = await browser.OpenAsync(link, cancellationToken: TestContext.Current.CancellationToken);
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        await browser.SubmitAsync(refused, "switch", cancellationToken: TestContext.Current.CancellationToken);
        var page = await browser.GetAsync(stopped, TestContext.Current.CancellationToken);

        page.Status.ShouldBe(HttpStatusCode.Forbidden);
        host.ThirdParty.RequestsOf("/token").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_does_nothing_before_the_person_says_so_and_its_form_needs_the_page()
    {
        await using var host = await ConsentHost.StartAsync();
        var browser = host.Browser();
        var (link, _) = await host.AskAsync();
        var page = await browser.OpenAsync(link, cancellationToken: TestContext.Current.CancellationToken);
        host.ThirdParty.RequestsOf("/authorize").ShouldBeEmpty();

        // What a foreign page could send: the cookies come along, the token of the form does not.
        page.Document.QuerySelectorAll("input[type=hidden]")
            .ToList()
            .ForEach(static input => input.SetAttribute("value", "forged"));
        var refused = await browser.SubmitAsync(
            page,
            "connect",
            cancellationToken: TestContext.Current.CancellationToken
        );

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        host.ThirdParty.RequestsOf("/authorize").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_page_names_person_agent_target_and_scopes_under_a_strict_policy()
    {
        await using var host = await ConsentHost.StartAsync();
        var (link, _) = await host.AskAsync();

        var page = await host.Browser().OpenAsync(link, cancellationToken: TestContext.Current.CancellationToken);

        foreach (var text in (string[])["name-of-user-1", "test-client", "notes", "notes:read"])
        {
            page.Text.ShouldContain(text);
        }

        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        page.Document.QuerySelectorAll("script, [style], [onclick]").ShouldBeEmpty();
        page.Body.ShouldNotContain(link.AbsolutePath.Split('/')[^1] + "?");
    }

    [Fact]
    public async Task Links_states_and_verifiers_are_not_in_the_database_nor_in_the_log()
    {
        await using var host = await ConsentHost.StartAsync();
        var browser = host.Browser();
        var (link, state) = await host.AskAsync();
        var stopped = await ConsentHost.ConsentAsync(browser, link, Callback);
        var pending = Stored(host);
        await browser.GetAsync(stopped.Location!, TestContext.Current.CancellationToken);

        var token = host.ThirdParty.TokenRequests("authorization_code")[0];
        var form = TestKit.ThirdParty.FakeAuthorizationServer.Form(token);
        string[] secrets =
        [
            link.AbsolutePath.Split('/')[^1],
            state,
            Get(stopped.Location!, "state"),
            form["code"],
            form["code_verifier"],
        ];
        foreach (var secret in secrets)
        {
            host.Gateway.Logs.Text.ShouldNotContain(secret);
            host.Gateway.AuditText().ShouldNotContain(secret);
            pending.ShouldNotContain(secret);
            Stored(host).ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task A_link_works_for_ten_minutes()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await ConsentHost.StartAsync(time);
        var (link, _) = await host.AskAsync();

        time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        var page = await host.Browser().OpenAsync(link, cancellationToken: TestContext.Current.CancellationToken);
        page.FindForm("connect").ShouldNotBeNull();
        time.Advance(TimeSpan.FromSeconds(1));
        page = await host.Browser().OpenAsync(link, cancellationToken: TestContext.Current.CancellationToken);

        page.Status.ShouldBe(HttpStatusCode.NotFound);
        page.FindForm("connect").ShouldBeNull();
    }

    [Theory]
    [InlineData(599, true)]
    [InlineData(600, false)]
    public async Task An_answer_must_come_within_ten_minutes(int seconds, bool isInTime)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await ConsentHost.StartAsync(time);
        var browser = host.Browser();
        var stopped = await StopAtCallbackAsync(host, browser);

        time.Advance(TimeSpan.FromSeconds(seconds));
        var page = await browser.GetAsync(stopped, TestContext.Current.CancellationToken);

        page.Text.Contains("is connected").ShouldBe(isInTime);
        host.ThirdParty.RequestsOf("/token").Count.ShouldBe(isInTime ? 1 : 0);
    }

    // The vault's files, as somebody sees them who copies them while the gateway runs.
    private static string Stored(ConsentHost host) =>
        string.Concat(
            Directory
                .GetFiles(Path.GetDirectoryName(host.Gateway.AuditPath)!, "vault.db*")
                .Select(static path =>
                {
                    using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                    using var reader = new StreamReader(file, Encoding.Latin1);
                    return reader.ReadToEnd();
                })
        );

    private static async Task<Uri> StopAtCallbackAsync(ConsentHost host, Browser browser)
    {
        var (link, _) = await host.AskAsync();
        return (await ConsentHost.ConsentAsync(browser, link, Callback)).Location!;
    }

    private static string Get(Uri url, string name) => QueryHelpers.ParseQuery(url.Query)[name].ToString();

    private static Uri To(Uri url, string path) => new(url, path + url.Query);

    private static Uri Add(Uri url, string name, string value) =>
        new(QueryHelpers.AddQueryString(url.AbsoluteUri, name, value));

    private static Uri Set(Uri url, string name, string? value)
    {
        var query = QueryHelpers
            .ParseQuery(url.Query)
            .Where(pair => pair.Key != name)
            .ToDictionary(
                static pair => pair.Key,
                static pair => (string?)pair.Value.ToString(),
                StringComparer.Ordinal
            );
        if (value is not null)
        {
            query[name] = value;
        }

        return new Uri(QueryHelpers.AddQueryString(url.GetLeftPart(UriPartial.Path), query));
    }
}
