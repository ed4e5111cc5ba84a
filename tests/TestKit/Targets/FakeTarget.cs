using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.TestKit.Targets;

/// <summary>
/// An MCP server in a few lines that speaks the revision without sessions: one tool <c>echo</c>, results with members that no
/// SDK knows. A test may replace its answers by whatever it wants.
/// </summary>
public sealed class FakeTarget : McpTarget
{
    private FakeTarget() { }

    /// <summary>Starts a target.</summary>
    public static async Task<FakeTarget> StartNewAsync()
    {
        var target = new FakeTarget();
        await target.StartAsync();
        return target;
    }

    /// <summary>URL of the MCP endpoint.</summary>
    public string Url => BaseUrl + "/mcp";

    /// <summary>Answers instead of the built-in behaviour, when set and it returns true.</summary>
    public Func<HttpContext, RecordedRequest, Task<bool>>? Override { get; set; }

    /// <summary>What it offers besides its tools, when set.</summary>
    public FakeOffer? Offer { get; set; }

    /// <summary>The tools that it lists.</summary>
    public JsonArray Tools { get; set; } =
    [
        new JsonObject
        {
            ["name"] = "echo",
            ["description"] = "Says it again",
            ["inputSchema"] = new JsonObject { ["type"] = "object" },
            ["x-unknown"] = new JsonObject { ["kept"] = true },
        },
    ];

    protected override async Task AnswerAsync(HttpContext context, RecordedRequest request)
    {
        if (Override is not null && await Override(context, request))
        {
            return;
        }

        if (request.Body.Length == 0)
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var message = JsonNode.Parse(request.Body)!.AsObject();
        if (!message.ContainsKey("id"))
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        await WriteAsync(context, message["id"]!, Offer?.Result(message) ?? Result(message));
    }

    /// <summary>Writes a JSON-RPC response.</summary>
    public static Task WriteAsync(HttpContext context, JsonNode id, JsonNode? result)
    {
        context.Response.ContentType = "application/json";
        var response = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id.DeepClone(),
            ["result"] = result,
        };
        return context.Response.WriteAsync(response.ToJsonString());
    }

    private JsonObject Result(JsonObject message) =>
        message["method"]!.GetValue<string>() switch
        {
            "server/discover" => new JsonObject
            {
                ["resultType"] = "complete",
                ["supportedVersions"] = new JsonArray("2026-07-28", "2025-11-25"),
                ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
                ["serverInfo"] = new JsonObject { ["name"] = "fake", ["version"] = "1" },
                ["ttlMs"] = 0,
                ["cacheScope"] = "private",
            },
            "tools/list" => new JsonObject
            {
                ["resultType"] = "complete",
                ["ttlMs"] = 0,
                ["cacheScope"] = "private",
                ["tools"] = Tools.DeepClone(),
            },
            _ => new JsonObject
            {
                ["resultType"] = "complete",
                ["content"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "text",
                        ["text"] = message["params"]?["arguments"]?.ToJsonString() ?? "",
                    }
                ),
                ["x-unknown"] = new JsonObject { ["kept"] = 1.50m },
            },
        };
}
