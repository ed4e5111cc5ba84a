using System.Net;
using System.Text;
using AspireGateway.Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Mcp.PerTarget;

public sealed class PerTargetTests
{
    [Fact]
    public async Task Request_and_response_pass_byte_for_byte()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        const string Sent =
            """ {"jsonrpc" : "2.0", "id":7, "method":"tools/call","params":{"name":"echo","arguments":{"a":1.50,"ü":"\u00fc"}}} """;
        const string Answered = """{"id":7,  "jsonrpc":"2.0","result":{"b":1.50,"unknown":[ ]}}""";
        host.Target.Override = async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Answered, context.RequestAborted);
            return true;
        };

        var answer = await client.SendAsync("/mcp/weather", Sent, host.Token());

        answer.Text.ShouldBe(Answered);
        host.Target.Requests.ShouldHaveSingleItem().Text.ShouldBe(Sent);
        var record = host.Audit().ShouldHaveSingleItem();
        record.GetProperty("name").GetString().ShouldBe("echo");
        record.GetProperty("target").GetString().ShouldBe("weather");
    }

    [Fact]
    public async Task An_event_is_passed_on_before_the_next_one_exists()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var firstWasSeen = new TaskCompletionSource();
        host.Target.Override = async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: one\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await firstWasSeen.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("data: two\n\n", context.RequestAborted);
            return true;
        };
        using var request = McpRequests.Post("/mcp/weather", McpRequests.CallTool("echo"), host.Token());

        using var response = await client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var first = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        firstWasSeen.SetResult();
        var rest = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        first.ShouldBe("data: one");
        rest.ShouldContain("data: two");
    }

    [Theory]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_answer_that_is_none_of_mcp_becomes_an_error_without_its_headers(int status)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        host.Target.Override = (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://evil.example/";
            context.Response.Headers.WWWAuthenticate = "Bearer resource_metadata=\"http://evil.example/\"";
            context.Response.Headers.SetCookie = "a=b";
            return Task.FromResult(true);
        };

        var answer = await client.SendAsync("/mcp/weather", McpRequests.CallTool("echo"), host.Token());

        answer.Status.ShouldBe(HttpStatusCode.BadGateway);
        answer.Error.GetProperty("code").GetInt32().ShouldBe(-32002);
        answer.Json.GetProperty("id").GetInt32().ShouldBe(7);
        answer.Challenge.ShouldBeEmpty();
        answer.Headers.Location.ShouldBeNull();
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        host.Target.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_target_that_is_down_gets_a_json_rpc_error_with_the_id_of_the_request()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        await host.Target.StopAsync();

        var answer = await client.SendAsync("/mcp/weather", McpRequests.CallTool("echo"), host.Token());

        answer.Status.ShouldBe(HttpStatusCode.BadGateway);
        answer.Json.GetProperty("id").GetInt32().ShouldBe(7);
        answer.Reason.ShouldBe("target_unavailable");
    }
}
