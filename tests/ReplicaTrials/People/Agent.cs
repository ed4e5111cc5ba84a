using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.ReplicaTrials.Cluster;
using AspireGateway.TestKit.Issuers;

namespace AspireGateway.ReplicaTrials.People;

/// <summary>The MCP client of one person: calls the target's tool, at either endpoint of the gateway in turn.</summary>
internal sealed class Agent : IDisposable
{
    private const string Revision = "2026-07-28";

    private readonly FakeIssuer _issuer;
    private readonly string _resource;
    private readonly string _person;
    private readonly HttpClient _http;
    private int _turn;

    public Agent(ReplicaSystem system, string person)
    {
        (_issuer, _person) = (system.Issuer, person);
        _resource = new Uri(system.PublicUrl, "/mcp").AbsoluteUri;
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
            }
        )
        {
            BaseAddress = system.PublicUrl,
            Timeout = TimeSpan.FromSeconds(40),
        };
    }

    /// <summary>Calls the tool.</summary>
    /// <param name="text">Comes back in the answer.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<CallOutcome> CallAsync(string text, CancellationToken cancel)
    {
        var isAggregate = Interlocked.Increment(ref _turn) % 2 == 0;
        using var request = isAggregate
            ? CreateCall("/mcp", "notes___echo", text)
            : CreateCall("/mcp/notes", "echo", text);
        try
        {
            using var response = await _http.SendAsync(request, cancel);
            var body = await response.Content.ReadAsStringAsync(cancel);
            return response.IsSuccessStatusCode
                ? Read(body, $"{_person} {text}")
                : new CallOutcome.Failed($"HTTP {(int)response.StatusCode} {body}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return new CallOutcome.Failed(exception.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage CreateCall(string path, string tool, string text)
    {
        var message = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = "tools/call",
            ["params"] = new JsonObject
            {
                ["name"] = tool,
                ["arguments"] = new JsonObject { ["text"] = text },
                ["_meta"] = new JsonObject
                {
                    ["io.modelcontextprotocol/protocolVersion"] = Revision,
                    ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject
                    {
                        ["elicitation"] = new JsonObject { ["url"] = new JsonObject() },
                    },
                },
            },
        };
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", Revision);
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", tool);
        var token = _issuer.Token(_resource, (_, payload) => payload["sub"] = _person);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return request;
    }

    private static CallOutcome Read(string body, string expected)
    {
        var data = body.Split('\n').LastOrDefault(static line => line.StartsWith("data:", StringComparison.Ordinal));
        if (JsonNode.Parse(data is null ? body : data["data:".Length..])?["result"] is not { } result)
        {
            return new CallOutcome.Failed(body);
        }

        if (result["inputRequests"] is JsonObject questions)
        {
            return new CallOutcome.Asked(new Uri(questions.Single().Value!["params"]!["url"]!.ToString()));
        }

        var text = result["content"]?[0]?["text"]?.ToString();
        return result["isError"]?.GetValue<bool>() is true ? new CallOutcome.Failed(text ?? body)
            : text == expected ? new CallOutcome.Answered()
            : new CallOutcome.Wrong($"expected '{expected}', got '{text}'");
    }
}

/// <summary>What became of a call.</summary>
internal abstract record CallOutcome
{
    private CallOutcome() { }

    /// <summary>With what belongs to the caller and to this call.</summary>
    public sealed record Answered : CallOutcome;

    /// <summary>With something else.</summary>
    public sealed record Wrong(string Why) : CallOutcome;

    /// <summary>The person is asked for a consent.</summary>
    public sealed record Asked(Uri Link) : CallOutcome;

    public sealed record Failed(string Why) : CallOutcome;
}
