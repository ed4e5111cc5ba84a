using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Outbound.Discovery;
using AspireGateway.Gateway.Outbound.Http;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What is read of third parties, how, and how much of it.</summary>
public sealed class OutboundDocumentTests : IDisposable
{
    private const string Url = "https://id.example/document";
    private const string Issuer = "https://id.example/realms/partner";
    private const string Resource = "https://notes.example/mcp";

    private readonly FakeWeb _web = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _web.Dispose();

    [Fact]
    public void The_network_is_used_without_redirects_proxies_and_cookies_and_with_a_look_at_each_address()
    {
        using var handler = FakeWeb.Guard.CreateHandler();

        handler.AllowAutoRedirect.ShouldBeFalse();
        handler.UseProxy.ShouldBeFalse();
        handler.UseCookies.ShouldBeFalse();
        handler.AutomaticDecompression.ShouldBe(DecompressionMethods.None);
        handler.ConnectTimeout.ShouldBe(TimeSpan.FromSeconds(10));
        handler.PooledConnectionLifetime.ShouldBe(TimeSpan.FromMinutes(2));
        handler.MaxResponseHeadersLength.ShouldBe(32);
        handler.ConnectCallback.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("http://id.example/document?secret=1", false)]
    [InlineData(Url + "?secret=1", true)]
    public async Task A_url_that_is_refused_is_not_asked_and_the_refusal_does_not_repeat_its_query(
        string url,
        bool isAsked
    )
    {
        _web.Answer(url, "{}");
        using var request = new HttpRequestMessage(HttpMethod.Get, url);

        var sending = _web.Documents.SendAsync(request, Cancel);

        if (isAsked)
        {
            (await sending).Status.ShouldBe(StatusCodes.Status200OK);
        }
        else
        {
            var refused = await Should.ThrowAsync<HttpRequestException>(sending);
            refused.Message.ShouldBe("http://id.example/document is not asked: it is not https.");
            _web.Requests.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(64 * 1024, true)]
    [InlineData((64 * 1024) + 1, false)]
    public async Task An_answer_is_read_up_to_64_kilobytes_and_never_cut(int size, bool isRead)
    {
        _web.Answer(Url, new string('x', size));
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);

        var sending = _web.Documents.SendAsync(request, Cancel);

        if (isRead)
        {
            Encoding.UTF8.GetString((await sending).Body).ShouldBe(new string('x', size));
        }
        else
        {
            await Should.ThrowAsync<HttpRequestException>(sending);
        }
    }

    [Fact]
    public async Task Of_an_answer_its_status_type_challenges_and_pause_are_kept()
    {
        _web.Answer(
            Url,
            "{}",
            429,
            ("WWW-Authenticate", "Basic realm=\"x\""),
            ("WWW-Authenticate", "Bearer scope=\"a\""),
            ("Retry-After", "7")
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);

        var answer = await _web.Documents.SendAsync(request, Cancel);

        answer.Status.ShouldBe(429);
        answer.MediaType.ShouldBe("application/json");
        answer.Challenge.ShouldBe("Basic realm=\"x\", Bearer scope=\"a\"");
        answer.RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
        answer.TryReadObject().ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_an_answer_that_says_none_of_this_nothing_is_made_up()
    {
        _web.Answer(Url, static (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent)));
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);

        var answer = await _web.Documents.SendAsync(request, Cancel);

        (answer.MediaType, answer.Challenge, answer.RetryAfter).ShouldBe((null, null, null));
        answer.Body.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(200, """{"a":{"b":1}}""", true)]
    [InlineData(201, """{"a":1}""", false)]
    [InlineData(404, """{"a":1}""", false)]
    [InlineData(200, "[1]", false)]
    [InlineData(200, "null", false)]
    [InlineData(200, "", false)]
    [InlineData(200, """{"a":1} x""", false)]
    [InlineData(200, """{"a":1,"a":1}""", false)]
    [InlineData(200, """{"a":{"b":1,"b":2}}""", false)]
    public async Task A_document_is_one_json_object_that_says_nothing_twice(int status, string body, bool isOne)
    {
        _web.Answer(Url, body, status);

        (await _web.Documents.TryGetAsync(new Uri(Url), Cancel) is not null).ShouldBe(isOne);

        _web.Requests.ShouldHaveSingleItem().Message.Headers.Accept.ToString().ShouldBe("application/json");
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void A_document_is_no_deeper_than_32_levels(int depth, bool isOne)
    {
        var text = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

        (JsonDocuments.TryParse(Encoding.UTF8.GetBytes(text)) is not null).ShouldBe(isOne);
    }

    [Fact]
    public async Task The_metadata_of_a_server_is_read_where_it_is_found_first()
    {
        const string First = "https://id.example/.well-known/oauth-authorization-server/realms/partner";
        const string Second = "https://id.example/.well-known/openid-configuration/realms/partner";
        const string Third = "https://id.example/realms/partner/.well-known/openid-configuration";
        var metadata = new AuthorizationServerMetadata(_web.Documents, FakeWeb.Guard);

        var found = await metadata.ReadAsync(Issuer, Resource, allowWithoutPkce: false, Cancel);

        found.Problem!.Reason.ShouldBe(ErrorCodes.NoMetadata);
        _web.Read.ShouldBe([First, Second, Third]);
        _web.Answer(
            Second,
            new JsonObject
            {
                ["issuer"] = Issuer,
                ["authorization_endpoint"] = Issuer + "/authorize",
                ["token_endpoint"] = Issuer + "/token",
                ["code_challenge_methods_supported"] = new JsonArray("S256"),
            }
        );
        (await metadata.ReadAsync(Issuer, Resource, allowWithoutPkce: false, Cancel)).Value.ShouldNotBeNull();
        _web.Read.Skip(3).ShouldBe([First, Second]);
    }
}
