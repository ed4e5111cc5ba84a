using System.Net;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Inbound;

public sealed class AnonymousGatewayTests
{
    [Fact]
    public async Task A_gateway_without_authentication_lets_everybody_in_and_says_so_loudly()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Gateway:Inbound:AllowAnonymous", "true"));
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), token: null);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        host.Audit().ShouldHaveSingleItem().GetProperty("user").GetString().ShouldBe("anonymous:anonymous");
        host.Logs.Text.ShouldContain("AUTHENTICATION IS OFF");
    }

    [Fact]
    public async Task A_tool_that_needs_a_step_up_elsewhere_can_be_called_where_nobody_has_a_token()
    {
        await using var host = await GatewayHost.StartAsync(
            settings:
            [
                ("Gateway:Inbound:AllowAnonymous", "true"),
                ("Gateway:Policies:ToolScopes:0:Tool", "echo"),
                ("Gateway:Policies:ToolScopes:0:Scopes", "more"),
            ]
        );
        using var client = await host.CreateReadyClientAsync();

        var answer = await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), token: null);

        answer.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_edge_holds_without_authentication_too()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Gateway:Inbound:AllowAnonymous", "true"));
        using var client = await host.CreateReadyClientAsync();
        using var request = McpRequests.Post("/mcp", McpRequests.ListTools, token: null);
        request.Headers.Add("Origin", "http://evil.test");

        (await client.ReadAsync(request)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }
}
