using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.ConformanceTests.Clients;

/// <summary>Revision 2025-11-25: a session; the person is asked by error -32042, and the call is repeated as it was.</summary>
internal sealed class LegacyAgent(HttpClient http, Uri endpoint, string token) : Agent(http, endpoint, token)
{
    private const string SessionHeader = "Mcp-Session-Id";

    private string? _session;

    protected override string Revision => "2025-11-25";

    public override Task StartAsync(CancellationToken cancel) =>
        SendAsync(
            "initialize",
            new JsonObject
            {
                ["protocolVersion"] = Revision,
                ["capabilities"] = new JsonObject { ["elicitation"] = new JsonObject { ["url"] = new JsonObject() } },
                ["clientInfo"] = new JsonObject { ["name"] = "conformance", ["version"] = "1" },
            },
            cancel
        );

    protected override void Answer(JsonObject parameters, AgentAnswer before)
    {
        // The gateway knows by itself that the person has answered.
    }

    protected override void Prepare(HttpRequestMessage request, string method, JsonObject parameters)
    {
        if (_session is not null)
        {
            request.Headers.Add(SessionHeader, _session);
        }
    }

    protected override void Read(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues(SessionHeader, out var session))
        {
            _session = session.Single();
        }
    }
}
