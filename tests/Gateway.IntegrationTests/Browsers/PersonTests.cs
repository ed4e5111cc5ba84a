using AspireGateway.Gateway.IntegrationTests.Systems;
using AspireGateway.TestKit;
using Microsoft.Playwright;

namespace AspireGateway.Gateway.IntegrationTests.Browsers;

/// <summary>A person with a real browser at the pages of the identity provider, sent there by the SDK's client.</summary>
public abstract class PersonTests : SystemTests
{
    protected PersonTests(ComposedSystem system)
        : base(system) => Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");

    /// <summary>Name of the pictures that are taken; see <see cref="Pictures"/>.</summary>
    protected abstract string Name { get; }

    [Fact]
    public async Task A_person_reads_who_asks_for_what_allows_it_and_the_client_calls_a_tool()
    {
        await using var browser = await Chromium.OpenAsync();
        var asked = "";
        using var person = new SignedInClient(
            "alice",
            async (url, _) =>
            {
                await SignInAsync(browser.Page, url, "alice", Name);
                asked = await browser.Page.InnerTextAsync("body");
                return await browser.UntilRedirectedAsync(() => browser.Page.ClickAsync("[name=accept]"));
            }
        );

        await using var client = await person.ConnectAsync(Running.Mcp);
        var result = await client.CallToolAsync(
            "weather___get_forecast",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Lisbon" },
            cancellationToken: Stop
        );

        result.IsError.ShouldNotBe(true);
        asked.ShouldContain("Integration tests");
        asked.ShouldContain("List and call tools through the gateway");
    }

    [Fact]
    public async Task A_person_who_refuses_lets_nobody_in()
    {
        await using var browser = await Chromium.OpenAsync();
        CallbackResult? answer = null;
        using var person = new SignedInClient(
            "bob",
            async (url, _) =>
            {
                await SignInAsync(browser.Page, url, "bob");
                return answer = await browser.UntilRedirectedAsync(() => browser.Page.ClickAsync("[name=cancel]"));
            }
        );

        await Should.ThrowAsync<Exception>(() => person.ConnectAsync(Running.Mcp));

        answer.ShouldNotBeNull().Error.ShouldBe("access_denied");
    }

    private static async Task SignInAsync(IPage page, Uri url, string user, string? picture = null)
    {
        await page.GotoAsync(url.AbsoluteUri);
        await page.FillAsync("[name=username]", user);
        await Pictures.TakeAsync(page, picture, "login");
        await page.FillAsync("[name=password]", ComposedSystem.Password);
        await page.PressAsync("[name=password]", "Enter");
        await page.WaitForSelectorAsync("[name=accept]");
        await Pictures.TakeAsync(page, picture, "consent");
    }
}

[Collection(WithEmbedded.Name)]
public sealed class EmbeddedPersonTests(EmbeddedSystem system) : PersonTests(system)
{
    /// <inheritdoc />
    protected override string Name => "embedded";
}

[Collection(WithKeycloak.Name)]
public sealed class KeycloakPersonTests(KeycloakSystem system) : PersonTests(system)
{
    /// <inheritdoc />
    protected override string Name => "keycloak";
}
