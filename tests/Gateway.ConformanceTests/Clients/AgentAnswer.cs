using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.ConformanceTests.Clients;

/// <summary>What an agent gets for a request.</summary>
/// <param name="Message">The JSON-RPC message.</param>
internal sealed record AgentAnswer(JsonObject Message)
{
    private const int UrlElicitationRequired = -32042;

    /// <summary>The result, where it is one of the target and no error.</summary>
    public JsonObject? Result =>
        Message["result"] is JsonObject result && result["isError"]?.GetValue<bool>() is not true ? result : null;

    /// <summary>The link that the agent's person is to open; null when nobody is asked.</summary>
    public Uri? Question =>
        Message["result"] is JsonObject result && result["resultType"]?.ToString() is "input_required"
            ? Link(result["inputRequests"]!.AsObject().Single().Value!["params"])
        : Message["error"]?["code"]?.GetValue<int>() is UrlElicitationRequired
            ? Link(Message["error"]!["data"]!["elicitations"]!.AsArray().Single())
        : null;

    /// <summary>Whether the gateway waits for its administrator, because the target names another authorization server.</summary>
    public bool NeedsAdministrator =>
        Message.ToJsonString().Contains("names another authorization server", StringComparison.Ordinal);

    /// <summary>Reads JSON, or the last event of a stream.</summary>
    public static AgentAnswer Parse(string text)
    {
        var data = text.Split('\n').LastOrDefault(static line => line.StartsWith("data:", StringComparison.Ordinal));
        return new AgentAnswer(JsonNode.Parse(data is null ? text : data["data:".Length..])!.AsObject());
    }

    private static Uri Link(JsonNode? elicitation) => new(elicitation!["url"]!.ToString());
}
