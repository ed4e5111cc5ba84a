using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.ReplicaTrials.Cluster;

namespace AspireGateway.Replicas.Tests;

/// <summary>An MCP client that chooses the replica of each request, as no client can.</summary>
internal sealed class Client(ReplicaSystem system, string person) : IDisposable
{
    public const string Modern = "2026-07-28";
    public const string Legacy = "2025-11-25";

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        }
    );

    /// <summary>Session of a client of the older revision.</summary>
    public string? Session { get; private set; }

    public async Task<JsonNode> SendAsync(
        int replica,
        string path,
        string revision,
        string method,
        JsonObject parameters
    )
    {
        var message = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = method,
            ["params"] = parameters,
        };
        using var request = Create(replica, HttpMethod.Post, path);
        request.Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", revision);
        if (revision == Modern)
        {
            request.Headers.Add("Mcp-Method", method);
            request.Headers.Add("Mcp-Name", parameters["name"]!.ToString());
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        if (response.Headers.TryGetValues("Mcp-Session-Id", out var sessions))
        {
            Session = sessions.Single();
        }

        var data = text.Split('\n').LastOrDefault(static line => line.StartsWith("data:", StringComparison.Ordinal));
        return JsonNode.Parse(data is null ? text : data["data:".Length..])!;
    }

    /// <summary>Starts a session of the older revision.</summary>
    public Task InitializeAsync(int replica, string path) =>
        SendAsync(
            replica,
            path,
            Legacy,
            "initialize",
            new JsonObject
            {
                ["protocolVersion"] = Legacy,
                ["capabilities"] = Links(),
                ["clientInfo"] = new JsonObject { ["name"] = "old", ["version"] = "1" },
            }
        );

    public Task<JsonNode> CallLegacyAsync(int replica, string path, string tool) =>
        SendAsync(replica, path, Legacy, "tools/call", Call(tool));

    public Task<JsonNode> CallAsync(int replica, string path, string tool, string? requestState = null)
    {
        var parameters = Call(tool);
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = Modern,
            ["io.modelcontextprotocol/clientCapabilities"] = Links(),
        };
        if (requestState is not null)
        {
            parameters["requestState"] = requestState;
            parameters["inputResponses"] = new JsonObject
            {
                ["gateway_consent"] = new JsonObject { ["action"] = "accept" },
            };
        }

        return SendAsync(replica, path, Modern, "tools/call", parameters);
    }

    /// <summary>Ends the connection to the target.</summary>
    public async Task DisconnectAsync(int replica)
    {
        using var request = Create(replica, HttpMethod.Delete, "/connections/notes");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue();
    }

    public void Dispose() => _http.Dispose();

    private static JsonObject Call(string tool) =>
        new()
        {
            ["name"] = tool,
            ["arguments"] = new JsonObject { ["text"] = "hi" },
        };

    private static JsonObject Links() => new() { ["elicitation"] = new JsonObject { ["url"] = new JsonObject() } };

    private HttpRequestMessage Create(int replica, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, system.Replicas[replica].Url + path);
        // As the one in front passes it on.
        request.Headers.Host = system.PublicUrl.Authority;
        var token = system.Issuer.Token(
            new Uri(system.PublicUrl, "/mcp").AbsoluteUri,
            (_, payload) => payload["sub"] = person
        );
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        if (Session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", Session);
        }

        return request;
    }
}
