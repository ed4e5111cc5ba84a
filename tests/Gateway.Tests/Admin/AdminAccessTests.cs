using System.Net;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Admin;

/// <summary>Who may administer.</summary>
public sealed class AdminAccessTests
{
    [Fact]
    public async Task Without_a_token_the_challenge_asks_for_the_admin_scope()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = host.CreateClient();

        var answer = await client.AdminAsync(HttpMethod.Get, "/targets", token: null);

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Challenge.ShouldContain("scope=\"mcp:admin\"");
        answer.Challenge.ShouldContain("/.well-known/oauth-protected-resource/mcp\"");
        answer.Challenge.ShouldNotContain("error=");
        answer.MediaType.ShouldBe("application/problem+json");
        answer.Reason.ShouldBe("missing_token");
        host.Audit().Count(static line => line.GetProperty("reason").GetString() == "missing_token").ShouldBe(1);
    }

    [Fact]
    public async Task A_token_that_may_call_tools_may_not_administer_and_one_with_the_admin_scope_may()
    {
        await using var host = await GatewayHost.StartAsync();

        var refused = await host.AdminAsync(HttpMethod.Delete, "/targets/weather", token: host.Token());
        var allowed = await host.AdminAsync(HttpMethod.Get, "/targets");

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Challenge.ShouldContain("error=\"insufficient_scope\"");
        refused.Challenge.ShouldContain("scope=\"mcp:admin\"");
        refused.Reason.ShouldBe("insufficient_scope");
        allowed.Status.ShouldBe(HttpStatusCode.OK);
        allowed.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var line = host.Audit().ShouldHaveSingleItem();
        line.GetProperty("reason").GetString().ShouldBe("insufficient_scope");
    }

    [Theory]
    [InlineData("/mcp/weather")]
    [InlineData("/admin")]
    public async Task A_token_for_another_resource_is_refused_even_where_the_path_names_its_target(string resource)
    {
        await using var host = await GatewayHost.StartAsync();
        var token = host.Issuer.Token(
            GatewayHost.PublicUrl + resource,
            static (_, payload) => payload["scope"] = "mcp:admin"
        );

        var refused = await host.AdminAsync(HttpMethod.Get, "/targets/weather", token: token);
        var allowed = await host.AdminAsync(HttpMethod.Get, "/targets/weather");

        refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Reason.ShouldBe("wrong_audience");
        allowed.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "/targets")]
    [InlineData("POST", "/targets")]
    [InlineData("POST", "/targets/weather")]
    [InlineData("GET", "/targets/weather")]
    [InlineData("PUT", "/targets/weather")]
    [InlineData("DELETE", "/targets/weather")]
    [InlineData("POST", "/targets/weather/synchronize")]
    [InlineData("PUT", "/targets/weather/catalogue-grant")]
    [InlineData("DELETE", "/targets/weather/catalogue-grant")]
    [InlineData("POST", "/targets/weather/authorization-server/confirm")]
    [InlineData("DELETE", "/targets/weather/registration")]
    [InlineData("DELETE", "/users/corp/user-1/connections")]
    [InlineData("GET", "/vault")]
    [InlineData("POST", "/vault/rewrap")]
    public async Task Every_endpoint_asks_for_the_admin_scope(string method, string path)
    {
        await using var host = await GatewayHost.StartAsync();

        var refused = await host.AdminAsync(new HttpMethod(method), path, token: host.Token());
        var allowed = await host.AdminAsync(new HttpMethod(method), path);

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        ((int)allowed.Status).ShouldNotBeOneOf(401, 403, 405);
    }

    [Fact]
    public async Task A_gateway_that_lets_everybody_in_lets_nobody_administer()
    {
        await using var host = await GatewayHost.StartAsync(settings: [("Gateway:Inbound:AllowAnonymous", "true")]);
        using var client = await host.CreateReadyClientAsync();

        (await client.AdminAsync(HttpMethod.Get, "/targets", token: null)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await client.SendAsync("/mcp", McpRequests.ListTools, token: null)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nothing_is_changed_while_the_audit_record_cannot_be_written()
    {
        await using var host = await GatewayHost.StartAsync(settings: GatewayHost.UnwritableAudit);

        var refused = await host.AdminAsync(
            HttpMethod.Post,
            "/targets",
            AdminCalls.Definition("more", host.Target.Url)
        );
        var read = await host.AdminAsync(HttpMethod.Get, "/targets");

        refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Reason.ShouldBe("audit_unwritable");
        read.Json["targets"]!.AsArray().ShouldHaveSingleItem();
    }
}
