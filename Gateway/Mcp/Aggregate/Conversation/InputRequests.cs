using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Mcp.Aggregate.Conversation;

/// <summary>
/// The two forms in which a server asks its client: requests on a stream (to 2025-11-25), and input requests in the result of a call
/// (2026-07-28).
/// </summary>
internal static class InputRequests
{
    /// <summary>Key of the one question in an input request that the gateway makes from a target's request.</summary>
    public const string OnlyKey = "request";

    /// <summary>Whether a result asks for input.</summary>
    public static bool IsInputRequired(JsonNode? result) =>
        result is JsonObject answer && answer["resultType"] is JsonValue type && type.ToString() is "input_required";

    /// <summary>The result that asks.</summary>
    public static JsonObject Create(JsonObject inputRequests, string requestState) =>
        new()
        {
            ["resultType"] = "input_required",
            ["inputRequests"] = inputRequests,
            ["requestState"] = requestState,
        };

    /// <summary>A target's request as an input request.</summary>
    public static JsonObject FromRequest(JsonObject asked)
    {
        var request = new JsonObject { ["method"] = asked["method"]!.DeepClone() };
        if (asked["params"] is JsonObject parameters)
        {
            var copy = (JsonObject)parameters.DeepClone();
            copy.Remove("elicitationId");
            request["params"] = copy;
        }

        return request;
    }

    /// <summary>The parameters of an input request for a client of an older revision, where links have ids.</summary>
    public static JsonNode? ForOlderClient(JsonObject request)
    {
        if (request["params"] is not JsonObject parameters)
        {
            return null;
        }

        var copy = (JsonObject)parameters.DeepClone();
        if (copy["mode"]?.ToString() is "url" && copy["elicitationId"] is null)
        {
            copy["elicitationId"] = RandomText.New();
        }

        return copy;
    }

    /// <summary>Error -32042 of a target of 2025-11-25 as input requests; null when it is another error, or names no link.</summary>
    public static JsonObject? FromLinkError(JsonObject error)
    {
        if (
            error["code"]?.GetValue<int>() is not JsonRpcCodes.UrlElicitationRequired
            || error["data"]?["elicitations"] is not JsonArray { Count: > 0 } elicitations
        )
        {
            return null;
        }

        var requests = new JsonObject();
        foreach (var elicitation in elicitations.OfType<JsonObject>())
        {
            var copy = (JsonObject)elicitation.DeepClone();
            copy["mode"] = "url";
            copy.Remove("elicitationId");
            requests[$"{OnlyKey}{requests.Count}"] = new JsonObject
            {
                ["method"] = "elicitation/create",
                ["params"] = copy,
            };
        }

        return requests;
    }
}
