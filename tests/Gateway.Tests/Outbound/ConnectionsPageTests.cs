using System.Net;
using AspireGateway.Gateway.Vault;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What people see on the connections page, and what its buttons do.</summary>
public sealed class ConnectionsPageTests
{
    [Fact]
    public async Task A_person_sees_what_is_connected_since_when_with_which_scopes_and_for_which_agents()
    {
        await using var host = await ConsentHost.StartAsync();
        (await host.Browser().ConnectionsAsync()).Card().ShouldStartWith("notes Not connected");

        await host.ConnectAsync();
        await host.CallAsync();
        var page = await host.Browser().ConnectionsAsync();

        page.Status.ShouldBe(HttpStatusCode.OK);
        var card = page.Card();
        foreach (
            var text in (string[])["notes Connected", "notes:read", "test-client", "UTC", "Last used", "Last renewed"]
        )
        {
            card.ShouldContain(text);
        }

        page.Text.ShouldContain("name-of-user-1");
        page.Document.GetElementById("weather").ShouldBeNull("it asks nobody for an account");
    }

    [Fact]
    public async Task Nothing_of_another_person_is_shown_or_changed()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        await host.PutAsync("user-1s-own");
        var other = host.Browser("user-2");

        var page = await other.ConnectionsAsync();
        page.Card().ShouldStartWith("notes Not connected");
        page.Text.ShouldNotContain("test-client");
        page.Text.ShouldNotContain("user-1");
        // The page has no such button for this person; the request is what it would send.
        var form = page.FindForm("connect")!;
        form.Action = "/connections/notes/disconnect";
        await other.SubmitAsync(page, "connect", cancellationToken: TestContext.Current.CancellationToken);

        host.ThirdParty.RequestsOf("/revoke").ShouldBeEmpty();
        (await host.CanCallAsync()).ShouldBeTrue();
        host.Records("not_connected").ShouldBe(1);
    }

    [Fact]
    public async Task The_page_is_built_for_keyboards_and_screen_readers_and_carries_nothing_inline()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        await host.AskAsync(token: host.Token(client: "other-agent"));

        var page = await host.Browser().ConnectionsAsync();

        var document = page.Document;
        document.DocumentElement.GetAttribute("lang").ShouldBe("en");
        document.Title.ShouldBe("Your connections · AspireGateway");
        document.QuerySelectorAll("header, main, nav[aria-label]").Length.ShouldBe(3);
        document.QuerySelectorAll("h1").Length.ShouldBe(1);
        document.QuerySelector("a.skip")!.GetAttribute("href").ShouldBe("#content");
        document.QuerySelectorAll("script, style, [style], [onclick], [autofocus]").ShouldBeEmpty();
        document.QuerySelectorAll("form").ShouldAllBe(static form => form.GetAttribute("method") == "post");
        var ids = document.QuerySelectorAll("[id]").Select(static element => element.Id!).ToList();
        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(ids.Count);
        document
            .QuerySelectorAll("[aria-labelledby], [aria-describedby]")
            .Select(static element =>
                element.GetAttribute("aria-labelledby") ?? element.GetAttribute("aria-describedby")
            )
            .ShouldAllBe(id => ids.Contains(id!));
        // Each button says by itself what it does to what.
        var names = document
            .QuerySelectorAll("main button")
            .Select(static button => ConnectionsHost.Words(button.TextContent))
            .ToList();
        names.Distinct(StringComparer.Ordinal).Count().ShouldBe(names.Count);
        names.ShouldAllBe(static name => name.Contains("notes"));
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Whatever_others_wrote_is_shown_as_text()
    {
        await using var host = await ConsentHost.StartAsync();
        const string markup = "<img src=x onerror=alert(1)>";
        await host.PutAsync(
            account: markup + "account",
            tokens: new GrantTokens(
                new Secret("a"),
                new Secret("r"),
                null,
                new ScopeSet([markup + "scope", "\"><script>alert(2)</script>"])
            ),
            issuer: "javascript:" + markup
        );
        await host.AskAsync(token: host.Token(client: markup + "agent"));

        var page = await host.Browser().ConnectionsAsync();

        foreach (var text in (string[])["account", "scope", "agent"])
        {
            page.Text.ShouldContain(markup + text);
        }

        page.Document.QuerySelectorAll("script, main img, [onerror]").ShouldBeEmpty();
        page.Document.QuerySelectorAll("a")
            .ShouldAllBe(static link =>
                link.GetAttribute("href")!.StartsWith('/') || link.GetAttribute("href")!.StartsWith('#')
            );
    }

    [Fact]
    public async Task A_person_connects_ahead_and_an_agent_then_only_needs_a_yes()
    {
        await using var host = await ConsentHost.StartAsync();

        var page = await host.Browser().PressAndConsentAsync("connect");

        page.Url.AbsolutePath.ShouldBe("/connections");
        page.Text.ShouldContain("notes is connected");
        page.Card().ShouldContain("None yet. Each agent asks you");
        (await host.CanCallAsync()).ShouldBeFalse("nothing was allowed to any agent");
        var (link, _) = await host.AskAsync();
        await ConsentHost.ConsentAsync(host.Browser(), link);
        (await host.CanCallAsync()).ShouldBeTrue();
        host.ThirdParty.RequestsOf("/authorize").Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_agent_that_waits_is_answered_from_the_page()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.CallAsync(change: Modern.WithoutCapabilities);
        var browser = host.Browser();

        (await browser.ConnectionsAsync()).Card().ShouldContain("Waiting for your answer test-client");
        var question = await browser.PressAsync("answer");
        question.Text.ShouldContain("test-client");
        var page = await browser.SubmitAsync(
            question,
            "connect",
            cancellationToken: TestContext.Current.CancellationToken
        );

        page.Card().ShouldNotContain("Waiting for your answer");
        (await host.CanCallAsync()).ShouldBeTrue();
        (await host.CanCallAsync(host.Token(client: "other-agent"))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_form_cannot_bring_in_an_agent_that_did_not_ask()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.CallAsync(change: Modern.WithoutCapabilities);
        var browser = host.Browser();
        var page = await browser.ConnectionsAsync();

        var refused = await browser.SubmitAsync(
            page,
            "agent",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["agent"] = "stranger" },
            cancellationToken: TestContext.Current.CancellationToken
        );

        refused.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task One_agent_loses_what_another_keeps()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        var other = host.Token(client: "other-agent");
        await ConsentHost.ConsentAsync(host.Browser(), (await host.AskAsync(token: other)).Url);
        (await host.CanCallAsync(other)).ShouldBeTrue();
        (await host.CanCallAsync()).ShouldBeTrue();

        // The first of two in the order of their names.
        var page = await host.Browser().PressAsync("withdraw");

        page.Text.ShouldContain("This agent cannot use notes any more");
        (await host.CanCallAsync(other)).ShouldBeFalse();
        (await host.CanCallAsync()).ShouldBeTrue();
        host.Records("agent_withdrawn").ShouldBe(1);
    }

    [Fact]
    public async Task Reconnecting_leads_to_a_new_sign_in_and_agents_ask_again()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();

        await host.Browser().PressAndConsentAsync("reconnect");

        var authorizations = host.ThirdParty.RequestsOf("/authorize");
        authorizations.Count.ShouldBe(2);
        authorizations[0].Path.ShouldNotContain("prompt=");
        authorizations[1].Path.ShouldContain("prompt=login");
        (await host.CanCallAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_grant_that_its_provider_ended_needs_reconnecting()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await ConsentHost.StartAsync(time);
        await host.ConnectAsync();
        host.ThirdParty.Grants.EndAll();
        time.Advance(TimeSpan.FromMinutes(6));
        await host.CallAsync(token: host.Token());

        var page = await host.Browser().ConnectionsAsync();
        page.Card().ShouldStartWith("notes Needs reconnecting");
        page = await host.Browser().PressAndConsentAsync("reconnect");

        page.Card().ShouldStartWith("notes Connected");
    }

    [Fact]
    public async Task A_token_that_ran_out_and_cannot_be_renewed_is_asked_for_again_at_the_third_party()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await ConsentHost.StartAsync(time);
        host.ThirdParty.Behaviour.GivesRefreshTokens = false;
        await host.ConnectAsync();
        time.Advance(TimeSpan.FromMinutes(6));

        var (link, _) = await host.AskAsync();
        (await host.Browser().ConnectionsAsync()).Card().ShouldStartWith("notes Needs reconnecting");
        await ConsentHost.ConsentAsync(host.Browser(), link);

        host.ThirdParty.RequestsOf("/authorize").Count.ShouldBe(2);
        (await host.CanCallAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_kept_for_a_server_that_is_gone_can_be_ended()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.PutAsync("gone");
        (await host.Browser().ConnectionsAsync()).Card("gone").ShouldStartWith("gone Not offered any more");

        var page = await host.Browser().PressAsync("disconnect");

        page.Document.GetElementById("gone").ShouldBeNull();
        page.Text.ShouldContain("did not confirm");
    }

    [Fact]
    public async Task A_notice_is_shown_once_and_only_after_what_it_says()
    {
        await using var host = await ConsentHost.StartAsync();
        var browser = host.Browser();
        var page = await browser.PressAndConsentAsync("connect");
        page.Document.QuerySelectorAll("[role=status]").Length.ShouldBe(1);

        (await browser.ConnectionsAsync()).Document.QuerySelectorAll("[role=status]").ShouldBeEmpty();
        page = await browser.OpenAsync(
            new Uri("http://gateway.test/connections?notice=DisconnectedOnly.notes"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        page.Document.QuerySelectorAll("[role=status]").ShouldBeEmpty();
    }
}
