using System.Diagnostics;
using System.Text.RegularExpressions;
using AspireGateway.Gateway.IntegrationTests.Systems;
using Microsoft.Playwright;

namespace AspireGateway.Gateway.IntegrationTests.Browsers;

/// <summary>The dashboard in a real browser after a real run: what a person finds there, by roles and texts.</summary>
public abstract partial class DashboardTests : SystemTests
{
    // The resource that takes part in the run's trace and in few others.
    private const string Client = "testclient";

    protected DashboardTests(ComposedSystem system)
        : base(system) => Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");

    /// <summary>Name of the pictures that are taken; see <see cref="Pictures"/>. Null takes none.</summary>
    protected abstract string? Name { get; }

    [Fact]
    public async Task The_run_is_a_sequence_diagram_with_the_documented_steps_and_a_waterfall_of_its_spans()
    {
        await using var browser = await Chromium.OpenAsync();
        var page = await OpenTraceAsync(browser);

        var diagram = page.GetByRole(AriaRole.Group, new() { Name = "Sequence diagram of the auth flow" });
        string[] documented =
        [
            .. Enumerable.Range(1, 11).Select(static i => $"A{i}"),
            .. Enumerable.Range(1, 10).Select(static i => $"B{i}"),
        ];
        List<string> steps = [];
        await Patience.UntilAsync(
            async () =>
            {
                steps = [.. (await diagram.Locator("a.leg .number").AllTextContentsAsync()).Distinct()];
                return documented.All(steps.Contains);
            },
            "the diagram has every documented step",
            Stop
        );
        steps.ShouldBe(documented, ignoreOrder: true);
        var participants = await diagram.Locator(".participant text").AllTextContentsAsync();
        participants.ShouldBe(["Client", "Gateway", "Identity provider", "Browser", "Vault", "Third party", "Target"]);
        (await diagram.Locator("a.leg").First.GetAttributeAsync("aria-label")).ShouldStartWith(
            "A1 Client to Gateway: no token"
        );

        var rows = page.GetByRole(AriaRole.List).And(page.Locator(".waterfall")).Locator("> li");
        (await rows.CountAsync()).ShouldBeGreaterThan(50);
        await Expect(rows.First).ToContainTextAsync("testclient call");
        foreach (var name in (string[])["inbound.challenge", "consent.callback", "vault.write", "target.call"])
        {
            await Expect(page.Locator(".waterfall .span-name", new() { HasText = name }).First).ToBeVisibleAsync();
        }

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("testclient call");
        // On a busy machine the client's library gives up its first probe while somebody signs in; the gateway has no such excuse.
        (await page.Locator(".span.failed", new() { HasText = "gateway" }).AllTextContentsAsync()).ShouldBeEmpty();
        await Pictures.TakeAsync(page, diagram, Name, "trace", maximumHeight: 4_000);
        await Pictures.TakeAsync(page, page.Locator(".waterfall"), Name, "waterfall", maximumHeight: 1_000);
    }

    [Fact]
    public async Task A_step_is_opened_with_the_keyboard_and_shows_its_attributes()
    {
        await using var browser = await Chromium.OpenAsync();
        var page = await OpenTraceAsync(browser);
        var challenge = page.Locator(".sequence a.leg", new() { HasText = "challenge: sign in" }).First;

        await challenge.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForFunctionAsync("() => document.querySelector(':target')?.closest('details')?.open");
        var facts = page.Locator(".span-facts:target");
        await Expect(facts).ToContainTextAsync("http.response.status_code");
        await Expect(facts).ToContainTextAsync("401");
    }

    [Fact]
    public async Task Metrics_are_charts_whose_words_say_the_numbers()
    {
        await using var browser = await Chromium.OpenAsync();
        var page = await OpenTraceAsync(browser);

        await page.GetByRole(AriaRole.Link, new() { Name = "Metrics", Exact = true }).ClickAsync();

        // It is live: the numbers come without a reload.
        await Expect(page.GetByRole(AriaRole.Figure, new() { Name = "Calls" }).GetByRole(AriaRole.Img))
            .ToHaveAttributeAsync("aria-label", Words());
        foreach (var title in (string[])["Latency", "Overhead", "Authentication failures", "Vault", "Refreshes"])
        {
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        }

        await Pictures.TakeAsync(page, page.Locator("main"), Name, "metrics", maximumHeight: 1_000);
    }

    [Fact]
    public async Task A_refused_token_appears_without_a_reload_and_says_in_words_what_is_wrong_and_what_to_do()
    {
        await using var browser = await Chromium.OpenAsync();
        var page = browser.Page;
        await OpenAsync(page, "/traces?outcome=error");
        var token = await TokenAsync(Running.Issuer, Running.Mcp);
        using var caller = new Activity("a caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();

        await SendAsync(Running.Mcp, token[..^12] + "AAAAAAAAAAAA");

        var row = page.Locator($"tr[data-live='{caller.TraceId}']");
        await Expect(row).ToContainTextAsync("error");
        await Expect(row).ToContainTextAsync("invalid_signature");
        await row.GetByRole(AriaRole.Link).ClickAsync();
        var notice = page.Locator(".notice.bad");
        await Expect(notice).ToContainTextAsync("A2 Gateway → Client");
        await Expect(notice).ToContainTextAsync("The signature of the access token is not valid for its issuer");
        await Expect(notice).ToContainTextAsync("Sign in again");
        await notice.GetByRole(AriaRole.Link, new() { Name = "Show the span" }).ClickAsync();
        await Expect(page.Locator(".span-facts:target")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Traces_are_found_by_resource_outcome_person_target_and_tool()
    {
        var (_, trace) = await Running.BothFlowsAsync();
        using var other = new Activity("a caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        await SendAsync(Running.Mcp, token: null);
        await using var browser = await Chromium.OpenAsync();
        var page = browser.Page;
        await OpenAsync(page, "/traces");
        var newest = page.Locator($"tr[data-live='{other.TraceId}']");
        await Expect(newest).ToBeVisibleAsync();
        await page.GetByLabel("Resource").SelectOptionAsync(Client);
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        var row = page.Locator($"tr[data-live='{trace}']");
        await Expect(row).ToContainTextAsync("notes");
        await Expect(newest).ToBeHiddenAsync();
        var person = Running.Telemetry.Spans.First(span => span.Trace == trace && span["enduser.id"] is not null)[
            "enduser.id"
        ]!;

        await page.GetByLabel("Resource").SelectOptionAsync("notes");
        await page.GetByLabel("Person (hash)").FillAsync(person);
        await page.GetByLabel("Target").FillAsync("notes");
        await page.GetByLabel("Tool").FillAsync("list_notes");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await Expect(row).ToBeVisibleAsync();

        await page.GetByLabel("Tool").FillAsync("no_such_tool");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("No trace matches this filter.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Show all" }).ClickAsync();
        await Expect(newest).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Log_records_of_a_trace_lead_to_the_span_in_which_they_were_written()
    {
        await using var browser = await Chromium.OpenAsync();
        var page = await OpenTraceAsync(browser);
        var trace = new Uri(page.Url).AbsolutePath;

        await page.GetByRole(AriaRole.Link, new() { Name = "logs", Exact = true }).ClickAsync();
        await page.GetByLabel("Resource").SelectOptionAsync("gateway");
        await page.GetByLabel("Text").FillAsync("missing_token");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        var entry = page.Locator(".entries > li").First;
        await Expect(entry).ToContainTextAsync("Refused with 401 missing_token");
        await entry.GetByRole(AriaRole.Link, new() { Name = "trace" }).ClickAsync();

        new Uri(page.Url).AbsolutePath.ShouldBe(trace);
        await Expect(page.Locator(".span-facts:target .span-log")).ToContainTextAsync("Refused with 401 missing_token");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pages_fit_a_phone_and_their_text_stands_out(ColorScheme scheme)
    {
        await using var browser = await Chromium.OpenAsync();
        var page = await OpenTraceAsync(browser);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await page.SetViewportSizeAsync(360, 740);
        foreach (var path in (string[])[new Uri(page.Url).AbsolutePath, "/traces", "/metrics", "/logs"])
        {
            await page.GotoAsync(new Uri(Running.Telemetry.DashboardUrl, path).AbsoluteUri);
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(
                360,
                path
            );
            foreach (var (text, ratio) in await Contrast.OfAsync(page))
            {
                // WCAG 2.2, 1.4.3: level AA for text of ordinary size.
                ratio.ShouldBeGreaterThanOrEqualTo(4.5, $"{path}: {text}");
            }
        }
    }

    private async Task OpenAsync(IPage page, string path)
    {
        await page.SetViewportSizeAsync(1500, 900);
        await page.GotoAsync(Running.Telemetry.DashboardUrl.AbsoluteUri);
        await page.GotoAsync(new Uri(Running.Telemetry.DashboardUrl, path).AbsoluteUri);
    }

    private async Task<IPage> OpenTraceAsync(Chromium browser)
    {
        var (_, trace) = await Running.BothFlowsAsync();
        var page = browser.Page;
        await page.SetViewportSizeAsync(1500, 900);
        await page.GotoAsync(Running.Telemetry.DashboardUrl.AbsoluteUri);
        await page.GetByRole(AriaRole.Link, new() { Name = "Traces", Exact = true }).ClickAsync();

        // The page shows the newest: what other tests did since then may have left no place for this one.
        await page.GetByLabel("Resource").SelectOptionAsync(Client);
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await page.Locator($"a.name[href='/traces/{trace}']").ClickAsync();

        // Spans of the others may still be on their way; the page is told.
        await Expect(page.Locator(".sequence a.leg", new() { HasText = "B10" }).First).ToBeVisibleAsync();
        return page;
    }

    [GeneratedRegex("^Calls of the last 15 minutes: .*ok [0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Words();

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}

[Collection(WithEmbedded.Name)]
public sealed class EmbeddedDashboardTests(EmbeddedSystem system) : DashboardTests(system)
{
    /// <inheritdoc />
    protected override string Name => "dashboard";
}

[Collection(WithKeycloak.Name)]
public sealed class KeycloakDashboardTests(KeycloakSystem system) : DashboardTests(system)
{
    /// <inheritdoc />
    protected override string? Name => null;
}
