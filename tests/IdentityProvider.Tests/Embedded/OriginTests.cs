using System.Net;
using System.Net.Http.Headers;

namespace AspireGateway.IdentityProvider.Tests.Embedded;

public sealed class OriginTests(EmbeddedFixture fixture) : IClassFixture<EmbeddedFixture>
{
    private readonly Uri _corp = fixture.Provider.Corp;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    public async Task Only_names_of_this_machine_are_answered(string host, HttpStatusCode expected)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, _corp + "/.well-known/openid-configuration");
        request.Headers.Host = host;

        using var response = await http.SendAsync(request, Stop);

        response.StatusCode.ShouldBe(expected);
        if (expected == HttpStatusCode.OK)
        {
            (await response.Content.ReadAsStringAsync(Stop)).ShouldContain($"\"issuer\": \"{_corp}\"");
        }
    }

    [Theory]
    [InlineData("/protocol/openid-connect/token", true)]
    [InlineData("/clients-registrations/openid-connect", true)]
    [InlineData("/.well-known/openid-configuration", true)]
    [InlineData("/login-actions/authenticate", false)]
    [InlineData("/protocol/openid-connect/auth", false)]
    public async Task Pages_of_other_origins_may_use_what_clients_need_and_nothing_else(string path, bool allowed)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Options, _corp + path);
        request.Headers.Add("Origin", "http://localhost:6274");
        request.Headers.Add("Access-Control-Request-Method", path.Contains("well-known") ? "GET" : "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type");

        using var response = await http.SendAsync(request, Stop);

        response.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins).ShouldBe(allowed);
        (origins ?? []).ShouldAllBe(static origin => origin == "*");
        response.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
    }

    [Fact]
    public async Task An_answer_to_another_origin_carries_the_permission_too()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, _corp + "/.well-known/openid-configuration");
        request.Headers.Add("Origin", "http://localhost:6274");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));

        using var response = await http.SendAsync(request, Stop);

        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
    }
}
