using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;

namespace AspireGateway.Gateway.Tests.Mcp.Conversation;

/// <summary>Headers that repeat parameters which a tool's schema marks (MCP 2026-07-28).</summary>
public sealed class ParameterHeaderTests
{
    private const string Arguments = """{"region":"Köln","place":{"floor":42.0},"dry":true,"note":"not marked"}""";

    [Theory]
    [InlineData("=?base64?S8O2bG4=?=", "42", "true", true)]
    [InlineData("=?base64?S8O2bG4=?=", "42.0", "true", true)]
    [InlineData("Berlin", "42", "true", false)]
    [InlineData("=?base64?S8O2bG4=?=", "43", "true", false)]
    [InlineData("=?base64?S8O2bG4=?=", "42", "false", false)]
    [InlineData("=?base64?!?=", "42", "true", false)]
    [InlineData(null, "42", "true", false)]
    public async Task Headers_of_a_newer_client_must_repeat_what_the_body_says(
        string? region,
        string floor,
        string dry,
        bool isHonest
    )
    {
        await using var host = await StartAsync();
        using var request = Modern.Call("/mcp", "talk___talk", Arguments, host.Token());
        if (region is not null)
        {
            request.Headers.TryAddWithoutValidation("Mcp-Param-Region", region);
        }

        request.Headers.Add("Mcp-Param-Floor", floor);
        request.Headers.Add("Mcp-Param-Dry", dry);

        var answer = await host.Http.ReadAsync(request);

        if (isHonest)
        {
            answer.Result.GetProperty("content").GetArrayLength().ShouldBe(1);
            var headers = Call(host).Headers;
            headers["Mcp-Param-Region"].ShouldBe("=?base64?S8O2bG4=?=");
            headers["Mcp-Param-Floor"].ShouldBe("42");
            headers["Mcp-Param-Dry"].ShouldBe("true");
        }
        else
        {
            answer.Status.ShouldBe(HttpStatusCode.BadRequest);
            answer.Error.GetProperty("code").GetInt32().ShouldBe(-32020);
            host.Target.Calls().ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_target_gets_the_headers_also_from_a_client_that_knows_nothing_of_them()
    {
        await using var host = await StartAsync();

        await host.Http.SendAsync("/mcp", McpRequests.CallTool("talk___talk", """{"region":"Rome"}"""), host.Token());

        Call(host).Headers["Mcp-Param-Region"].ShouldBe("Rome");
        Call(host).Headers.ContainsKey("Mcp-Param-Floor").ShouldBeFalse();
    }

    [Fact]
    public async Task A_header_without_its_parameter_is_refused_whatever_revision_is_claimed()
    {
        await using var host = await StartAsync();
        using var request = McpRequests.Post("/mcp", McpRequests.CallTool("talk___talk", "{}"), host.Token());
        request.Headers.Add("Mcp-Param-Region", "Rome");

        (await host.Http.ReadAsync(request)).Error.GetProperty("code").GetInt32().ShouldBe(-32020);
        host.Target.Calls().ShouldBeEmpty();
    }

    private static async Task<TalkHost> StartAsync()
    {
        var host = await TalkHost.StartAsync(
            isTargetModern: true,
            target: static target =>
                target.Tool = JsonNode
                    .Parse(
                        """
                        {"name":"talk","inputSchema":{"type":"object","properties":{
                          "region":{"type":"string","x-mcp-header":"Region"},
                          "dry":{"type":"boolean","x-mcp-header":"Dry"},
                          "note":{"type":"string"},
                          "place":{"type":"object","properties":{"floor":{"type":"integer","x-mcp-header":"Floor"}}}}}}
                        """
                    )!
                    .AsObject()
        );
        await Eventually.HoldsAsync(() =>
            host.Target.Requests.Any(static request =>
                request.Text.Contains("subscriptions/listen", StringComparison.Ordinal)
            )
        );
        host.Target.ClearRequests();
        return host;
    }

    private static TestKit.RecordedRequest Call(TalkHost host) => host.Target.Calls().ShouldHaveSingleItem();
}
