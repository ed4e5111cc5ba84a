using System.Text;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.ConformanceTests.Clients;

/// <summary>An MCP client that can open links, of either era, on the gateway's aggregate endpoint.</summary>
internal abstract class Agent(HttpClient http, Uri endpoint, string token)
{
    private int _id;

    /// <summary>Revision that it speaks.</summary>
    protected abstract string Revision { get; }

    /// <summary>The agent for a revision.</summary>
    public static Agent For(string? revision, HttpClient http, Uri endpoint, string token) =>
        revision is ModernAgent.Version
            ? new ModernAgent(http, endpoint, token)
            : new LegacyAgent(http, endpoint, token);

    /// <summary>What an agent does before its first request.</summary>
    public abstract Task StartAsync(CancellationToken cancel);

    /// <summary>Names of the tools that are listed for it.</summary>
    public async Task<IReadOnlyList<string>> ListToolsAsync(CancellationToken cancel)
    {
        var answer = await SendAsync("tools/list", [], cancel);
        return [.. answer.Result!["tools"]!.AsArray().Select(static tool => tool!["name"]!.ToString())];
    }

    /// <summary>Calls a tool without arguments.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="before">The answer in which the person was asked; null at the first time.</param>
    /// <param name="cancel">Stops it.</param>
    public Task<AgentAnswer> CallAsync(string tool, AgentAnswer? before, CancellationToken cancel)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = new JsonObject() };
        if (before is not null)
        {
            Answer(parameters, before);
        }

        return SendAsync("tools/call", parameters, cancel);
    }

    /// <summary>Adds to a repeated call what the person answered.</summary>
    protected abstract void Answer(JsonObject parameters, AgentAnswer before);

    /// <summary>Adds what the revision wants in each request.</summary>
    protected abstract void Prepare(HttpRequestMessage request, string method, JsonObject parameters);

    /// <summary>Looks at each answer.</summary>
    protected virtual void Read(HttpResponseMessage response) { }

    protected async Task<AgentAnswer> SendAsync(string method, JsonObject parameters, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", Revision);
        request.Headers.Add("Authorization", "Bearer " + token);
        Prepare(request, method, parameters);
        var message = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = ++_id,
            ["method"] = method,
            ["params"] = parameters,
        };
        request.Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, cancel);
        Read(response);
        var text = await response.Content.ReadAsStringAsync(cancel);
        Console.WriteLine($"{method} {parameters["name"]} → {(int)response.StatusCode} {text.Trim()}");
        return AgentAnswer.Parse(text);
    }
}
