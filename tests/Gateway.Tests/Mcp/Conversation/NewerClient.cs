using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Outbound;

namespace AspireGateway.Gateway.Tests.Mcp.Conversation;

/// <summary>A client of 2026-07-28: no session, everything about it in each request.</summary>
internal sealed class NewerClient(HttpClient http, string token, string capabilities = OlderClient.Everything)
{
    /// <summary>Calls the talking tool.</summary>
    public async Task<McpAnswer> CallAsync(Action<JsonObject>? change = null, string arguments = "{}")
    {
        using var request = Create(change, arguments);
        return await http.ReadAsync(request);
    }

    /// <summary>Calls it and leaves the stream open.</summary>
    public Task<OpenStream> OpenAsync(Action<JsonObject>? change = null) =>
        OpenStream.OpenAsync(http, Create(change, "{}"));

    /// <summary>Repeats a call with answers.</summary>
    public Task<McpAnswer> AnswerAsync(JsonElement inputRequired, string responses, string arguments = "{}") =>
        CallAsync(
            parameters =>
            {
                parameters["requestState"] = inputRequired.GetProperty("requestState").GetString();
                parameters["inputResponses"] = JsonNode.Parse(responses);
            },
            arguments
        );

    private HttpRequestMessage Create(Action<JsonObject>? change, string arguments) =>
        Modern.Call(
            "/mcp",
            "talk___talk",
            arguments,
            token,
            parameters =>
            {
                parameters["_meta"]!["io.modelcontextprotocol/clientCapabilities"] = JsonNode.Parse(capabilities);
                change?.Invoke(parameters);
            }
        );
}
