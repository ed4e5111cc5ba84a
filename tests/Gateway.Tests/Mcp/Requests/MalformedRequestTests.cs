using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.TestKit.Targets;

namespace AspireGateway.Gateway.Tests.Mcp.Requests;

/// <summary>Everything in <see cref="MalformedRequests"/> is refused on both routes, without a word to the target and without growing.</summary>
public sealed class MalformedRequestTests
{
    private const int MostGrowth = 64 * 1024 * 1024;
    private const int LeastCases = 300;

    [Theory]
    [InlineData("/mcp", "weather___echo")]
    [InlineData("/mcp/weather", "echo")]
    public async Task Each_is_refused_with_a_4xx_or_a_json_rpc_error_and_reaches_no_target(string path, string tool)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await host.CreateReadyClientAsync();
        var session = await SessionOfSomebodyElseAsync(host, client, path);
        var token = host.Token();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var cases = MalformedRequests.All(tool, session).ToList();
        host.Target.ClearRequests();

        foreach (var malformed in cases)
        {
            using var request = malformed.ToRequest(path, token);
            var answer = await client.ReadAsync(request);

            var status = (int)answer.Status;
            (status is >= 400 and < 500 || (status == 200 && answer.Json.TryGetProperty("error", out _))).ShouldBeTrue(
                $"{malformed.Name} → {status} {answer.Text}"
            );
            host.Target.Requests.ShouldBeEmpty(malformed.Name);
        }

        cases.Count.ShouldBeGreaterThanOrEqualTo(LeastCases);
        cases.Clear();
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MostGrowth);
        (await client.SendAsync(path, McpRequests.CallTool(tool), token)).Text.ShouldContain("hi");
    }

    private static async Task<string> SessionOfSomebodyElseAsync(GatewayHost host, HttpClient client, string path)
    {
        if (path != "/mcp")
        {
            host.Target.Override = async (context, request) =>
            {
                context.Response.Headers["Mcp-Session-Id"] = "upstream-session";
                await context.AnswerAsync(request.Answer());
                return true;
            };
        }

        var token = host.Token((_, payload) => payload["sub"] = "user-2");
        var started = await client.SendAsync(path, LegacyRequests.Initialize, token);
        host.Target.Override = null;
        return started.Headers.GetValues("Mcp-Session-Id").Single();
    }
}
