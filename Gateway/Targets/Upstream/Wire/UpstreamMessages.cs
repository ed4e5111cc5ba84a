using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>What a message on the stream of a call is.</summary>
internal enum UpstreamMessageKind
{
    /// <summary>The call's result or error.</summary>
    Answer,

    /// <summary>A request of the target.</summary>
    Question,

    Notification,

    /// <summary>Belongs to no request that was sent here; it is not looked at.</summary>
    Stray,
}

/// <summary>Tells messages of targets apart.</summary>
internal static class UpstreamMessages
{
    /// <summary>What a message on the stream of request <paramref name="id"/> is.</summary>
    /// <exception cref="JsonException">It is no JSON-RPC.</exception>
    public static UpstreamMessageKind KindOf(JsonObject message, long id)
    {
        try
        {
            if (message["method"] is JsonValue method && method.GetValueKind() is JsonValueKind.String)
            {
                return message["id"] is not JsonValue asked ? UpstreamMessageKind.Notification
                    : asked.GetValueKind() is JsonValueKind.String or JsonValueKind.Number
                        ? UpstreamMessageKind.Question
                    : UpstreamMessageKind.Stray;
            }

            return IsAnswerTo(message, id, HttpStatusCode.OK) ? UpstreamMessageKind.Answer : UpstreamMessageKind.Stray;
        }
        catch (ArgumentException exception)
        {
            throw new JsonException("The target sent a message with the same member twice.", exception);
        }
    }

    /// <summary>Whether a message is the answer to a request. Where HTTP says that the request was not understood, its id may be missing.</summary>
    /// <exception cref="JsonException">It is no JSON-RPC.</exception>
    public static bool IsAnswerTo(JsonObject message, long id, HttpStatusCode status)
    {
        try
        {
            var isMine = message["id"] is JsonValue value
                ? value.GetValueKind() is JsonValueKind.Number && value.TryGetValue(out long number) && number == id
                : (int)status >= 400;
            return isMine
                && message.TextOf("jsonrpc") is "2.0"
                && (message["error"] is JsonObject error ? IsError(error) : message["result"] is JsonObject);
        }
        catch (ArgumentException exception)
        {
            throw new JsonException("The target sent a message with the same member twice.", exception);
        }
    }

    /// <summary>Removes the progress token; false when it is of another request.</summary>
    public static bool TryTakeToken(JsonObject? parameters, long id)
    {
        var isMine =
            parameters?["progressToken"] is JsonValue value
            && value.GetValueKind() is JsonValueKind.Number
            && value.TryGetValue(out long number)
            && number == id;
        return isMine && parameters!.Remove("progressToken");
    }

    private static bool IsError(JsonObject error) =>
        error["code"] is JsonValue code
        && code.GetValueKind() is JsonValueKind.Number
        && code.TryGetValue(out int _)
        && error["message"] is JsonValue message
        && message.GetValueKind() is JsonValueKind.String;
}
