using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.ConformanceTests.Clients;

/// <summary>Revision 2026-07-28: no session; the person is asked in an <c>input_required</c> result.</summary>
internal sealed class ModernAgent(HttpClient http, Uri endpoint, string token) : Agent(http, endpoint, token)
{
    public const string Version = "2026-07-28";

    protected override string Revision => Version;

    public override Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

    protected override void Answer(JsonObject parameters, AgentAnswer before)
    {
        var result = before.Message["result"]!.AsObject();
        var responses = new JsonObject();
        foreach (var (key, _) in result["inputRequests"]!.AsObject())
        {
            responses[key] = new JsonObject { ["action"] = "accept" };
        }

        parameters["inputResponses"] = responses;
        parameters["requestState"] = result["requestState"]!.DeepClone();
    }

    protected override void Prepare(HttpRequestMessage request, string method, JsonObject parameters)
    {
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = Version,
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject
            {
                ["elicitation"] = new JsonObject { ["url"] = new JsonObject() },
            },
        };
        request.Headers.Add("Mcp-Method", method);
        if (parameters["name"] is { } name)
        {
            request.Headers.Add("Mcp-Name", name.ToString());
        }
    }
}
