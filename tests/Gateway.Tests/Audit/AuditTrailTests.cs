using System.Security.Cryptography;
using System.Text.Json;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>What a call leaves in the record, on both routes.</summary>
public sealed class AuditTrailTests
{
    [Theory]
    [InlineData("/mcp", "weather___echo")]
    [InlineData("/mcp/weather", "echo")]
    public async Task The_intent_is_kept_before_the_target_is_asked_and_the_outcome_after(string path, string tool)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var recorded = "";
        host.Target.Override = (_, request) =>
        {
            recorded += request.Text.Contains("tools/call", StringComparison.Ordinal) ? host.SurvivingAudit() : "";
            return Task.FromResult(false);
        };

        await client.SendAsync(path, McpRequests.CallTool(tool, """{"text":"hi","more":[1, 2]}"""), host.Token());

        var (intent, outcome) = Pair(host);
        recorded.ShouldContain("\"kind\":\"intent\"");
        recorded.ShouldNotContain("outcome");
        intent.GetProperty("decision").GetString().ShouldBe("allowed");
        intent.GetProperty("user").GetString().ShouldBe("corp:user-1");
        intent.GetProperty("method").GetString().ShouldBe("tools/call");
        intent.GetProperty("target").GetString().ShouldBe("weather");
        intent.GetProperty("name").GetString().ShouldBe("echo");
        intent.GetProperty("credential").GetString().ShouldBe("none");
        intent
            .GetProperty("arguments")
            .GetString()
            .ShouldBe(Convert.ToHexStringLower(SHA256.HashData("""{"more":[1,2],"text":"hi"}"""u8)));
        outcome.GetProperty("call").GetInt64().ShouldBe(intent.GetProperty("call").GetInt64());
        outcome.GetProperty("reason").GetString().ShouldBe("ok");
        outcome.GetProperty("status").GetInt32().ShouldBe(200);
        outcome.GetProperty("traceId").GetString().ShouldBe(intent.GetProperty("traceId").GetString());
        host.AuditText().ShouldNotContain("\"hi\"");
    }

    [Fact]
    public async Task A_refusal_has_no_intent()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();

        await client.SendAsync("/mcp", McpRequests.ListTools, token: null);
        await client.SendAsync("/mcp", "{", host.Token());

        host.Audit().Select(static record => record.GetProperty("kind").GetString()).ShouldBe(["decision", "decision"]);
        host.AuditRecords().ShouldNotContain(static record => record.GetProperty("kind").GetString() == "intent");
    }

    [Fact]
    public async Task The_record_of_a_gateway_that_ran_is_sound()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        await client.SendAsync("/mcp", McpRequests.CallTool("weather___echo"), host.Token());
        await Eventually.HoldsAsync(() => host.Audit().Count == 1);
        using var output = new StringWriter();

        var exitCode = await Gateway.Audit.Commands.AuditCommand.RunAsync(
            ["audit", "verify", "--path", host.AuditPath],
            output,
            output
        );

        exitCode.ShouldBe(0, output.ToString());
        output.ToString().ShouldContain("0 call(s) without outcome");
    }

    private static (JsonElement Intent, JsonElement Outcome) Pair(GatewayHost host)
    {
        var intents = host.AuditRecords().Where(static record => record.GetProperty("kind").ValueEquals("intent"));
        return (intents.ShouldHaveSingleItem(), host.Audit().ShouldHaveSingleItem());
    }
}
