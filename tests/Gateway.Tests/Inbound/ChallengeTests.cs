using System.Net;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Inbound;

public sealed class ChallengeTests
{
    [Theory]
    [InlineData("/mcp", "/mcp")]
    [InlineData("/mcp/weather", "/mcp/weather")]
    [InlineData("/mcp/unknown", "/mcp")]
    public async Task A_request_without_a_token_is_told_where_to_read_how_to_sign_in(string path, string metadata)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = host.CreateClient();

        var answer = await client.SendAsync(path, McpRequests.ListTools, token: null);

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Challenge.ShouldBe(
            $"Bearer scope=\"mcp:tools\", resource_metadata=\"{GatewayHost.PublicUrl}/.well-known/oauth-protected-resource{metadata}\""
        );
        answer.Error.GetProperty("code").GetInt32().ShouldBe(-32001);
        answer.Reason.ShouldBe("missing_token");
        host.Audit().ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("missing_token");
        host.Target.Calls().ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_a_presented_token_makes_the_challenge_name_an_error()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = host.CreateClient();

        var answer = await client.SendAsync("/mcp", McpRequests.ListTools, token: "abc");

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Challenge.ShouldStartWith("Bearer error=\"invalid_token\", error_description=\"");
        answer.Challenge.ShouldContain("resource_metadata=");
    }

    [Fact]
    public async Task A_token_without_the_scope_gets_403_with_the_scopes_it_needs()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();

        var refused = await client.SendAsync(
            "/mcp",
            McpRequests.ListTools,
            host.Token((_, p) => p["scope"] = "openid")
        );
        var allowed = await client.SendAsync("/mcp", McpRequests.ListTools, host.Token());

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Challenge.ShouldContain("error=\"insufficient_scope\"");
        refused.Challenge.ShouldContain("scope=\"mcp:tools\"");
        refused.Challenge.ShouldContain("resource_metadata=");
        allowed.Status.ShouldBe(HttpStatusCode.OK);
        host.Audit()
            .Select(static record => record.GetProperty("reason").GetString())
            .ShouldBe(["insufficient_scope", "ok"]);
    }

    [Theory]
    [InlineData("/mcp/")]
    [InlineData(GatewayHost.PublicUrl + "//mcp")]
    [InlineData("/MCP")]
    [InlineData("/mcp/weather/")]
    [InlineData("/mcp%2fweather")]
    [InlineData("/mcp/Weather")]
    [InlineData("/admin")]
    [InlineData("/")]
    public async Task No_spelling_of_a_path_gets_through_without_a_token(string path)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = host.CreateClient();

        var answer = await client.SendAsync(path, McpRequests.ListTools, token: null);

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/mcp")]
    public async Task The_few_anonymous_paths_answer_without_a_token(string path)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();

        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
