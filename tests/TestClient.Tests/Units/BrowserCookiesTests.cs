using AspireGateway.TestClient.SignIn;

namespace AspireGateway.TestClient.Tests.Units;

public sealed class BrowserCookiesTests
{
    private static readonly Uri Login = new("http://localhost:5181/realms/corp/login");

    [Theory]
    [InlineData("s=1; Path=/realms/corp/; Secure; SameSite=None", "http://localhost:5181/realms/corp/consent", "s=1")]
    [InlineData("s=1; Path=/realms/corp/; HttpOnly", "http://localhost:9999/realms/corp/x", "s=1")]
    [InlineData("s=1", "http://localhost:5181/realms/corp/consent", "s=1")]
    [InlineData("s=1", "http://localhost:5181/realms/corporate", null)]
    [InlineData("s=1; Path=/realms/corp", "http://localhost:5181/realms/corporate", null)]
    [InlineData("s=1; Path=/", "http://127.0.0.1:5181/realms/corp/", null)]
    [InlineData("s=1; Domain=evil.example; Path=/", "http://localhost:5181/", null)]
    [InlineData("s=1; Path=/; Max-Age=0", "http://localhost:5181/", null)]
    [InlineData("s=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "http://localhost:5181/", null)]
    public void A_cookie_goes_where_a_browser_would_send_it(string cookie, string to, string? expected)
    {
        var cookies = new BrowserCookies(TimeProvider.System);

        Store(cookies, Login, cookie);

        cookies.HeaderFor(new Uri(to)).ShouldBe(expected);
    }

    [Fact]
    public void Secure_cookies_need_https_outside_loopback()
    {
        var cookies = new BrowserCookies(TimeProvider.System);

        Store(cookies, new Uri("http://shop.example/"), "a=1; Secure; Path=/");
        Store(cookies, new Uri("https://shop.example/"), "b=1; Secure; Path=/");

        cookies.HeaderFor(new Uri("https://shop.example/")).ShouldBe("b=1");
    }

    [Fact]
    public void A_newer_cookie_replaces_the_old_one_and_an_expired_one_removes_it()
    {
        var cookies = new BrowserCookies(TimeProvider.System);

        Store(cookies, Login, "s=1; Path=/");
        Store(cookies, Login, "s=2; Path=/");
        cookies.HeaderFor(Login).ShouldBe("s=2");
        Store(cookies, Login, "s=; Path=/; Max-Age=0");

        cookies.HeaderFor(Login).ShouldBeNull();
    }

    private static void Store(BrowserCookies cookies, Uri url, string cookie)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Set-Cookie", cookie);
        cookies.Store(url, response);
    }
}
