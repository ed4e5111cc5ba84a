using System.Text;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>Requests of revision 2026-07-28.</summary>
internal static class Modern
{
    public const string Version = "2026-07-28";

    /// <summary>A tool call by a client that can open links, unless <paramref name="change"/> says otherwise.</summary>
    public static HttpRequestMessage Call(
        string path,
        string name,
        string arguments,
        string token,
        Action<JsonObject>? change = null
    )
    {
        var parameters = new JsonObject { ["name"] = name, ["arguments"] = JsonNode.Parse(arguments) };
        return Send(path, "tools/call", parameters, token, change, name);
    }

    public static HttpRequestMessage Send(
        string path,
        string method,
        JsonObject parameters,
        string token,
        Action<JsonObject>? change = null,
        string? name = null
    )
    {
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = Version,
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject
            {
                ["elicitation"] = new JsonObject { ["url"] = new JsonObject() },
            },
        };
        change?.Invoke(parameters);
        var message = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 7,
            ["method"] = method,
            ["params"] = parameters,
        };
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", Version);
        request.Headers.Add("Mcp-Method", method);
        if (name is not null)
        {
            request.Headers.Add("Mcp-Name", name);
        }

        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return request;
    }

    /// <summary>A client that cannot be asked anything.</summary>
    public static void WithoutCapabilities(JsonObject parameters) =>
        parameters["_meta"]!["io.modelcontextprotocol/clientCapabilities"] = new JsonObject();

    /// <summary>Repeats a call with the answer to the gateway's question.</summary>
    public static Action<JsonObject> Answering(string state, string action = "accept") =>
        parameters =>
        {
            parameters["requestState"] = state;
            parameters["inputResponses"] = new JsonObject
            {
                ["gateway_consent"] = new JsonObject { ["action"] = action },
            };
        };
}
