using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>What a target hears whose question is put to nobody.</summary>
internal static class Refusals
{
    /// <summary>The answer where nobody can be asked; a ping is answered like any other.</summary>
    public static JsonObject NobodyToAsk(JsonObject question) =>
        question["method"]?.ToString() is "ping"
            ? new JsonObject { ["result"] = new JsonObject() }
            : Error(JsonRpcCodes.MethodNotFound, "The client did not declare that it can be asked this.");

    /// <summary>A refusal with its stable code as an answer.</summary>
    public static JsonObject Error(int code, string reason, string message)
    {
        var answer = Error(code, message);
        answer["error"]!["data"] = new JsonObject { ["reason"] = reason, ["help"] = ErrorCodes.HelpOf(reason) };
        return answer;
    }

    /// <summary>An error as an answer.</summary>
    public static JsonObject Error(int code, string message) =>
        new()
        {
            ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
        };
}
