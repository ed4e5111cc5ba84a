using AspireGateway.Gateway.IntegrationTests.Systems;
using Microsoft.Playwright;

namespace AspireGateway.Gateway.IntegrationTests.Browsers;

/// <summary>Flow B with real browsers: alice allows what her agent asks for; bob, who gets hold of her link, allows nothing.</summary>
public abstract class ConsentPersonTests : SystemTests
{
    protected ConsentPersonTests(ComposedSystem system)
        : base(system) => Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");

    /// <summary>Name of the pictures that are taken; see <see cref="Pictures"/>. Null takes none.</summary>
    protected abstract string? Name { get; }

    private Uri Connections => new(Running.GatewayUrl, "/connections");

    [Fact]
    public async Task A_person_follows_the_link_of_their_agent_to_the_end_and_nobody_else_can()
    {
        await using var alice = await Chromium.OpenAsync();
        await using var bob = await Chromium.OpenAsync();
        await DisconnectAsync(alice.Page, "alice");
        using var agent = new SignedInClient("alice")
        {
            OnLink = async link =>
            {
                await RefuseBobAsync(bob.Page, link);
                await ConsentAsync(alice.Page, link);
            },
        };
        await using var client = await agent.ConnectAsync(
            Running.Mcp,
            identity: SignedInClient.Known("aspire-gateway-testclient")
        );
        await client.ListToolsAsync(cancellationToken: Stop);

        var result = await agent.CallAsync(
            client,
            "notes___add_note",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["title"] = "Umbrella", ["text"] = "for Lisbon" }
        );

        result.IsError.ShouldNotBe(true);
        agent.Consents.ShouldBe(1);
        await alice.Page.GotoAsync(Connections.AbsoluteUri);
        (await CardAsync(alice.Page)).ShouldContain("notes:read");
        await Pictures.TakeAsync(alice.Page, Name, "connections", fullPage: true);

        // Bob's own page knows nothing of it, and what he does there is his own.
        await DisconnectAsync(bob.Page, "bob");
        (await bob.Page.InnerTextAsync("body")).ShouldNotContain("alice");
        await Pictures.TakeAsync(bob.Page, Name, "not-connected", fullPage: true);
        await alice.Page.ReloadAsync();
        (await CardAsync(alice.Page)).ShouldContain("notes:read");
    }

    [Fact]
    public async Task A_person_who_signs_out_is_nobody_here_and_at_the_identity_provider()
    {
        await using var browser = await Chromium.OpenAsync();
        var page = browser.Page;
        await OpenAsync(page, "alice");

        await PressAsync(page, "Sign out");
        await page.ClickAsync("[name=accept], [name=confirmLogout]");

        await SaysAsync(page, "main", "You are signed out of the gateway and of your identity provider");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in again" }).ClickAsync();
        await page.WaitForSelectorAsync("[name=password]");
    }

    [Fact]
    public async Task The_page_works_with_the_keyboard_alone()
    {
        await using var browser = await Chromium.OpenAsync();
        var page = browser.Page;
        await DisconnectAsync(page, "alice");

        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("document.activeElement.textContent")).ShouldContain("Skip to content");
        await PressAsync(page, "Connect notes");
        await SaysAsync(page, "h1", "Connect notes?");
        await SaysAsync(page, "main", "None yet");
        await PressAsync(page, "Go on to");
        await ThirdPartyAsync(page, "alice.p");

        await SaysAsync(page, "[role=status]", "notes is connected");
        await PressAsync(page, "Disconnect notes");
        await SaysAsync(page, "[role=status]", "notes is disconnected");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_stands_out_and_fits_a_phone(ColorScheme scheme)
    {
        await using var browser = await Chromium.OpenAsync();
        var page = browser.Page;
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await page.SetViewportSizeAsync(360, 740);
        await OpenAsync(page, "alice");

        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(360);
        foreach (var (text, ratio) in await Contrast.OfAsync(page))
        {
            // WCAG 2.2, 1.4.3: level AA for text of ordinary size.
            ratio.ShouldBeGreaterThanOrEqualTo(4.5, text);
        }

        await Pictures.TakeAsync(page, Name is null ? null : $"{Name}-phone", scheme.ToString(), fullPage: true);
    }

    private async Task RefuseBobAsync(IPage page, Uri link)
    {
        await page.GotoAsync(link.AbsoluteUri);
        await SignInAsync(page, "bob");
        await SaysAsync(page, "h1", "This link is for somebody else");
        (await page.InnerTextAsync("body")).ShouldNotContain("alice");
        await Pictures.TakeAsync(page, Name, "somebody-else");

        await page.ClickAsync("[name=switch]");
        await page.WaitForSelectorAsync("[name=password]");
    }

    private async Task ConsentAsync(IPage page, Uri link)
    {
        await page.GotoAsync(link.AbsoluteUri);
        await SaysAsync(page, "h1", "Connect notes?");
        var question = await page.InnerTextAsync("main");
        foreach (var named in (string[])["alice", "notes", "notes:read"])
        {
            question.ShouldContain(named);
        }

        await Pictures.TakeAsync(page, Name, "question", fullPage: true);
        await page.ClickAsync("[name=connect]");
        await ThirdPartyAsync(page, "alice.p");
        await SaysAsync(page, "h1", "notes is connected");
        await Pictures.TakeAsync(page, Name, "done");
    }

    /// <summary>Signs in at the other company, where that is asked, and allows it there.</summary>
    private async Task ThirdPartyAsync(IPage page, string user)
    {
        await page.WaitForURLAsync(url => !IsOfGateway(url));
        while (!IsOfGateway(page.Url))
        {
            // The next page may have the same URL.
            await page.EvaluateAsync("document.documentElement.dataset.seen = 'yes'");
            if (await page.Locator("[name=password]").CountAsync() > 0)
            {
                await SignInAsync(page, user);
            }
            else
            {
                await page.ClickAsync("[name=accept]");
            }

            await page.WaitForSelectorAsync("html:not([data-seen])");
        }
    }

    private bool IsOfGateway(string url) => new Uri(url).Authority == Running.GatewayUrl.Authority;

    private async Task OpenAsync(IPage page, string user)
    {
        await page.GotoAsync(Connections.AbsoluteUri);
        if (await page.Locator("[name=password]").CountAsync() > 0)
        {
            await SignInAsync(page, user);
        }

        await SaysAsync(page, "h1", "Your connections");
    }

    private async Task DisconnectAsync(IPage page, string user)
    {
        await OpenAsync(page, user);
        if (await page.Locator("[name=disconnect]").CountAsync() > 0)
        {
            await page.ClickAsync("[name=disconnect]");
        }

        await SaysAsync(page, "#notes", "Not connected");
    }

    private static async Task SignInAsync(IPage page, string user)
    {
        await page.FillAsync("[name=username]", user);
        await page.FillAsync("[name=password]", ComposedSystem.Password);
        await page.PressAsync("[name=password]", "Enter");
    }

    private static async Task PressAsync(IPage page, string button)
    {
        // A person presses what they see. Chromium drops keys that come before a page was drawn, which on a busy machine is after its
        // text can be found.
        await page.WaitForLoadStateAsync();
        await page.EvaluateAsync(
            "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        );
        await page.GetByRole(AriaRole.Button, new() { Name = button }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
    }

    // Waits until the page is there that says so.
    private static Task SaysAsync(IPage page, string where, string text) =>
        Assertions.Expect(page.Locator(where)).ToContainTextAsync(text);

    private static Task<string> CardAsync(IPage page) => page.InnerTextAsync("#notes");
}

[Collection(WithEmbedded.Name)]
public sealed class EmbeddedConsentPersonTests(EmbeddedSystem system) : ConsentPersonTests(system)
{
    /// <inheritdoc />
    protected override string Name => "consent";
}

[Collection(WithKeycloak.Name)]
public sealed class KeycloakConsentPersonTests(KeycloakSystem system) : ConsentPersonTests(system)
{
    /// <inheritdoc />
    protected override string? Name => null;
}
