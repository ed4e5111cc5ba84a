using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Outbound.Connect;
using AspireGateway.Gateway.Outbound.SelfService;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What a page says once about what was just done.</summary>
public sealed class NoticesTests
{
    private static readonly IOptions<GatewayOptions> Gateway = Options.Create(
        new GatewayOptions { PublicUrl = "https://gateway.example" }
    );

    private static readonly BrowserCookies Cookies = new(Gateway);
    private static readonly Notices Page = new(Cookies, Gateway);

    [Fact]
    public void It_goes_to_the_page_in_a_cookie_for_a_minute_and_is_taken_out_there()
    {
        var target = SampleGrants.Target("notes");
        var context = new DefaultHttpContext();

        Page.Show(context, Notice.DisconnectedOnly, target);

        context.Response.Headers.Location.ToString().ShouldBe("https://gateway.example/connections");
        var cookie = context.Response.Headers.SetCookie.ToString();
        cookie.ShouldContain("max-age=60;");
        cookie.ShouldContain("httponly");
        var (taken, left) = Take(cookie.Split(';')[0]);
        taken.ShouldBe((Notice.DisconnectedOnly, target));
        left.ShouldContain("expires=Thu, 01 Jan 1970");
    }

    [Theory]
    [InlineData("Connected.notes", true)]
    [InlineData("Connected", false)]
    [InlineData("Connected.notes.more", false)]
    [InlineData("Praised.notes", false)]
    [InlineData("99.notes", false)]
    [InlineData("Connected.Notes", false)]
    public void What_nobody_here_has_written_is_not_said(string value, bool isSaid)
    {
        var (taken, left) = Take($"{Cookies.Name("notice")}={value}");

        taken.HasValue.ShouldBe(isSaid);
        left.ShouldNotBeEmpty("it goes away in any case");
    }

    [Fact]
    public void Without_one_nothing_is_said_and_nothing_is_taken_out()
    {
        var (taken, left) = Take(cookie: "");

        taken.ShouldBeNull();
        left.ShouldBeEmpty();
    }

    [Fact]
    public void Every_end_of_a_connection_has_its_own_words_which_name_the_target()
    {
        var target = SampleGrants.Target("notes");
        var notices = Enum.GetValues<Revocation>()
            .Select(revocation => NoticeText.Of(new Disconnection(target, revocation)))
            .Append(NoticeText.Of(null))
            .ToList();

        notices.ShouldBe([
            Notice.DisconnectedAndRevoked,
            Notice.DisconnectedOnly,
            Notice.DisconnectedAfterEnd,
            Notice.WasNotConnected,
        ]);
        var texts = Enum.GetValues<Notice>().Select(notice => NoticeText.Of(notice, target)).ToList();
        texts.ShouldAllBe(static text => text.Contains("notes"));
        texts.Distinct().Count().ShouldBe(texts.Count);
    }

    private static ((Notice Notice, TargetName Target)? Taken, string Left) Take(string cookie)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = cookie;
        var taken = Page.Take(context);
        return (taken, context.Response.Headers.SetCookie.ToString());
    }
}
