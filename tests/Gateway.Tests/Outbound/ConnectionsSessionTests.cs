using System.Net;
using AspireGateway.TestKit.Issuers;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Who may use the connections page: whoever signed in, with the page's own forms.</summary>
public sealed class ConnectionsSessionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("reconnect")]
    [InlineData("disconnect")]
    [InlineData("withdraw")]
    [InlineData("answer")]
    [InlineData("sign-out")]
    public async Task A_form_of_a_foreign_page_changes_nothing(string button)
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        await host.AskAsync(token: host.Token(client: "other-agent"));
        var browser = host.Browser();
        var page = await browser.ConnectionsAsync();

        // What a foreign page could send: the cookies come along, the token of the form does not.
        page.Document.QuerySelectorAll("input[type=hidden]:not([name=agent])")
            .ToList()
            .ForEach(static input => input.SetAttribute("value", "forged"));
        var refused = await browser.SubmitAsync(page, button, cancellationToken: Cancel);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        host.Records("invalid_form").ShouldBe(1);
        host.ThirdParty.RequestsOf("/revoke").ShouldBeEmpty();
        (await host.CanCallAsync()).ShouldBeTrue();
        (await browser.ConnectionsAsync()).Text.ShouldContain("name-of-user-1");

        // The same with the page's own form goes through.
        (await browser.PressAsync(button)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_form_of_one_person_is_no_form_of_the_next()
    {
        await using var host = await ConsentHost.StartAsync();
        await host.ConnectAsync();
        await host.ConnectAsync("user-2");
        var browser = host.Browser();
        var page = await browser.ConnectionsAsync();
        await browser.PressAsync("sign-out");
        host.Gateway.Issuer.SignedInSubject = "user-2";
        await browser.ConnectionsAsync();

        var refused = await browser.SubmitAsync(page, "disconnect", cancellationToken: Cancel);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        host.ThirdParty.RequestsOf("/revoke").ShouldBeEmpty();
    }

    [Fact]
    public async Task Signing_out_ends_the_session_at_the_issuer_too()
    {
        await using var host = await ConsentHost.StartAsync(static issuer =>
            issuer.ChangeMetadata = metadata => metadata["end_session_endpoint"] = issuer.BaseUrl + "/logout"
        );
        var browser = host.Browser();
        var page = await browser.ConnectionsAsync();

        var issuer = await browser.SubmitAsync(
            page,
            "sign-out",
            stopAt: new Uri(host.Gateway.Issuer.BaseUrl + "/logout"),
            cancellationToken: Cancel
        );

        issuer.Location!.Query.ShouldContain("client_id=gateway");
        issuer.Location!.Query.ShouldContain(
            "post_logout_redirect_uri=" + Uri.EscapeDataString("http://gateway.test/connections/signed-out")
        );
        (await browser.GetAsync(ConnectionsHost.Page, Cancel)).Status.ShouldBe(HttpStatusCode.Redirect);
        host.Records("signed_out").ShouldBe(1);
        var end = await browser.GetAsync(new Uri("http://gateway.test/connections/signed-out"), Cancel);
        end.Text.ShouldContain("and of your identity provider");
    }

    [Fact]
    public async Task Where_the_issuer_offers_no_sign_out_the_page_says_what_is_still_open()
    {
        await using var host = await ConsentHost.StartAsync();
        var browser = host.Browser();

        var page = await browser.PressAsync("sign-out");

        page.Text.ShouldContain("Your identity provider was not told");
        (await browser.GetAsync(ConnectionsHost.Page, Cancel)).Status.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task With_several_issuers_the_person_chooses_one_and_is_somebody_of_that_one()
    {
        await using var other = await FakeIssuer.StartNewAsync();
        other.SignedInSubject = "user-1";
        await using var host = await ConsentHost.StartAsync(
            time: null,
            ("Gateway:Inbound:Issuers:1:Name", "other"),
            ("Gateway:Inbound:Issuers:1:DiscoveryUrl", other.DiscoveryUrl),
            ("Gateway:Inbound:Issuers:1:SignIn:ClientId", "gateway")
        );
        await host.ConnectAsync();

        var browser = host.Browser();
        var choice = await browser.ConnectionsAsync();
        choice.Text.ShouldContain("Where do you sign in?");
        var links = choice.Document.QuerySelectorAll(".choices a").Select(static link => link.GetAttribute("href")!);
        links.ShouldBe(["/connections/sign-in/corp", "/connections/sign-in/other"]);

        var corp = await browser.OpenAsync(
            new Uri(ConnectionsHost.Page, "/connections/sign-in/corp"),
            cancellationToken: Cancel
        );
        corp.Card().ShouldStartWith("notes Connected");
        // The same subject, given by somebody else, is somebody else.
        var second = await host.Browser()
            .OpenAsync(new Uri(ConnectionsHost.Page, "/connections/sign-in/other"), cancellationToken: Cancel);
        second.Card().ShouldStartWith("notes Not connected");
        var unknown = await browser.GetAsync(new Uri(ConnectionsHost.Page, "/connections/sign-in/nobody"), Cancel);
        unknown.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Without_a_sign_in_for_people_the_page_says_so()
    {
        await using var host = await ConsentHost.StartAsync(
            time: null,
            ("Gateway:Inbound:Issuers:0:SignIn:ClientId", null)
        );

        var page = await host.Browser().ConnectionsAsync();

        page.Status.ShouldBe(HttpStatusCode.NotFound);
        page.Text.ShouldContain("Nobody can sign in here");
    }
}
