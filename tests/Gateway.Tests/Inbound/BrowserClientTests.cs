using System.Net;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Inbound;

/// <summary>MCP clients that are pages in a browser: what the browser asks before it lets them call.</summary>
public sealed class BrowserClientTests
{
    private const string Inspector = "http://inspector.test";

    private static readonly (string, string?) AllowInspector = ("Gateway:Inbound:AllowedOrigins:0", Inspector);

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/mcp/weather")]
    public async Task A_preflight_of_an_allowed_origin_is_answered_without_a_token(string path)
    {
        await using var host = await GatewayHost.StartAsync(settings: AllowInspector);
        using var client = host.CreateClient();

        using var response = await client.SendAsync(Preflight(path, Inspector), TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Inspector]);
        response.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("authorization");
    }

    [Fact]
    public async Task A_preflight_of_a_foreign_origin_is_refused()
    {
        await using var host = await GatewayHost.StartAsync(settings: AllowInspector);
        using var client = host.CreateClient();

        using var response = await client.SendAsync(
            Preflight("/mcp", "http://evil.test"),
            TestContext.Current.CancellationToken
        );

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_can_read_the_challenge()
    {
        await using var host = await GatewayHost.StartAsync(settings: AllowInspector);
        using var client = host.CreateClient();
        using var request = McpRequests.Post("/mcp", McpRequests.ListTools, token: null);
        request.Headers.Add("Origin", Inspector);

        var answer = await client.ReadAsync(request);

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Inspector]);
        var exposed = string.Join(',', answer.Headers.GetValues("Access-Control-Expose-Headers"));
        exposed.ShouldContain("WWW-Authenticate");
        exposed.ShouldContain("Mcp-Session-Id");
        exposed.ShouldContain("MCP-Protocol-Version");
    }

    [Fact]
    public async Task Metadata_can_be_read_by_every_page()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = host.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/oauth-protected-resource/mcp");
        request.Headers.Add("Origin", "http://any.test");

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
    }

    private static HttpRequestMessage Preflight(string path, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,mcp-protocol-version");
        return request;
    }
}
