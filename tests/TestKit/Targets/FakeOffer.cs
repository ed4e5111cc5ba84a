using System.Text.Json.Nodes;

namespace AspireGateway.TestKit.Targets;

/// <summary>
/// Prompts, resources, templates and completions of a <see cref="FakeTarget"/>. Everything bears the offer's name, so that a test sees whose
/// it is, and members that no SDK knows.
/// </summary>
public sealed class FakeOffer(string name)
{
    /// <summary>Names of its tools; null for the target's own.</summary>
    public IReadOnlyList<string>? Tools { get; set; }

    /// <summary>How many prompts it has.</summary>
    public int PromptCount { get; set; } = 1;

    /// <summary>Description of every prompt.</summary>
    public string Description { get; set; } = "Advice";

    /// <summary>Name of the first prompt.</summary>
    public string Prompt => $"{name}_advice";

    /// <summary>URI of the resource.</summary>
    public string Resource => $"{name}://cities";

    /// <summary>URI template.</summary>
    public string Template => Resource + "/{city}";

    /// <summary>What it says to models.</summary>
    public string Instructions => $"Use {name} with care.";

    /// <summary>The result of a request; null when it is none of these.</summary>
    public JsonObject? Result(JsonObject message)
    {
        var parameters = message["params"];
        return message["method"]!.GetValue<string>() switch
        {
            "server/discover" => Discover(),
            "tools/list" when Tools is not null => List("tools", [.. Tools.Select(tool => Item("name", tool))]),
            "prompts/list" => List(
                "prompts",
                [
                    .. Enumerable
                        .Range(0, PromptCount)
                        .Select(index => Item("name", index == 0 ? Prompt : $"{Prompt}_{index:000}")),
                ]
            ),
            "resources/list" => List("resources", Item("uri", Resource)),
            "resources/templates/list" => List("resourceTemplates", Item("uriTemplate", Template)),
            "prompts/get" => Complete(
                "messages",
                new JsonObject
                {
                    ["role"] = "user",
                    ["content"] = new JsonObject
                    {
                        ["type"] = "resource",
                        ["resource"] = Content(Resource, $"for {parameters?["name"]}"),
                    },
                }
            ),
            "resources/read" => Complete("contents", Content(parameters!["uri"]!.GetValue<string>(), $"of {name}")),
            "completion/complete" => Completion(parameters!["ref"]!.AsObject()),
            _ => null,
        };
    }

    /// <summary>Blocks of a tool's result that lead to the resource: a link, and the thing itself.</summary>
    public JsonArray Blocks() =>
        [
            new JsonObject
            {
                ["type"] = "resource_link",
                ["uri"] = Resource,
                ["name"] = "cities",
            },
            new JsonObject { ["type"] = "resource", ["resource"] = Content(Resource, $"of {name}") },
            new JsonObject { ["type"] = "text", ["text"] = Resource },
        ];

    private JsonObject Discover() =>
        new()
        {
            ["resultType"] = "complete",
            ["supportedVersions"] = new JsonArray("2026-07-28", "2025-11-25"),
            ["capabilities"] = new JsonObject
            {
                ["tools"] = new JsonObject(),
                ["prompts"] = new JsonObject(),
                ["resources"] = new JsonObject(),
                ["completions"] = new JsonObject(),
            },
            ["serverInfo"] = new JsonObject { ["name"] = name, ["version"] = "1" },
            ["instructions"] = Instructions,
            ["ttlMs"] = 0,
            ["cacheScope"] = "private",
        };

    private JsonObject Item(string key, string value) =>
        new()
        {
            [key] = value,
            ["name"] = key == "name" ? value : "cities",
            ["description"] = Description,
            ["inputSchema"] = new JsonObject { ["type"] = "object" },
            ["x-unknown"] = new JsonObject { ["kept"] = true },
        };

    private static JsonObject Content(string uri, string text) =>
        new()
        {
            ["uri"] = uri,
            ["mimeType"] = "text/plain",
            ["text"] = text,
            ["x-unknown"] = new JsonObject { ["kept"] = 1.50m },
        };

    private static JsonObject Completion(JsonObject reference) =>
        new()
        {
            ["resultType"] = "complete",
            ["completion"] = new JsonObject
            {
                ["values"] = new JsonArray((reference["uri"] ?? reference["name"])!.ToString()),
                ["hasMore"] = false,
            },
        };

    private static JsonObject List(string member, params JsonNode[] items)
    {
        var result = Complete(member, items);
        result["ttlMs"] = 0;
        result["cacheScope"] = "private";
        return result;
    }

    private static JsonObject Complete(string member, params JsonNode[] items) =>
        new() { ["resultType"] = "complete", [member] = new JsonArray([.. items]) };
}
