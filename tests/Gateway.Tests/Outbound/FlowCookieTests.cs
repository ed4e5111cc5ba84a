using AspireGateway.Gateway.Inbound.SignIn;
using AspireGateway.Gateway.Outbound.Connect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>The cookie that ties an authorization request to its browser.</summary>
public sealed class FlowCookieTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    [Fact]
    public void Over_https_it_belongs_to_this_host_alone_and_no_script_or_foreign_form_gets_it()
    {
        var (_, header, _) = Write("https://gateway.example", "state");

        header.ShouldStartWith("__Host-aspire-gateway-flow-");
        Attributes(header).ShouldBe(["httponly", "max-age=600", "path=/", "samesite=lax", "secure"]);
    }

    [Fact]
    public void Over_http_on_loopback_it_has_no_prefix_that_cookie_jars_would_drop()
    {
        var (_, header, _) = Write("http://localhost:5180", "state");

        header.ShouldStartWith("aspire-gateway-flow-");
        Attributes(header).ShouldBe(["httponly", "max-age=600", "path=/", "samesite=lax"]);
    }

    [Fact]
    public void It_is_good_for_its_own_flow_only()
    {
        var (cookie, header, fingerprint) = Write("https://gateway.example", "state");
        var (_, otherHeader, otherFingerprint) = Write("https://gateway.example", "other");

        cookie.Matches(With(header), "state", fingerprint).ShouldBeTrue();

        cookie.Matches(With(header), "other", fingerprint).ShouldBeFalse();
        cookie.Matches(With(header), "state", otherFingerprint).ShouldBeFalse();
        cookie.Matches(With(otherHeader), "state", fingerprint).ShouldBeFalse();
        cookie.Matches(With(header.Split('=')[0] + "="), "state", fingerprint).ShouldBeFalse();
        cookie.Matches(new DefaultHttpContext(), "state", fingerprint).ShouldBeFalse();
    }

    [Fact]
    public void Two_gateways_on_one_machine_do_not_overwrite_each_others()
    {
        var (_, one, _) = Write("http://localhost:5180", "state");
        var (_, two, _) = Write("http://localhost:5181", "state");

        one.Split('=')[0].ShouldNotBe(two.Split('=')[0]);
    }

    private static (FlowCookie Cookie, string Header, string Fingerprint) Write(string publicUrl, string state)
    {
        var cookie = new FlowCookie(new BrowserCookies(Options.Create(new GatewayOptions { PublicUrl = publicUrl })));
        var context = new DefaultHttpContext();
        var fingerprint = cookie.Write(context, state, Lifetime);
        return (cookie, context.Response.Headers.SetCookie.ToString(), fingerprint);
    }

    private static IEnumerable<string> Attributes(string header) =>
        header.Split("; ")[1..].Order(StringComparer.Ordinal);

    private static DefaultHttpContext With(string header)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = header.Split(';')[0];
        return context;
    }
}
