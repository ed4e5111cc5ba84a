using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Mcp.Credentials;

/// <summary>A JSON-RPC answer of the gateway itself: a result or an error.</summary>
internal sealed record McpReply(JsonObject? Result, JsonObject? Error, int Status = StatusCodes.Status200OK)
{
    public static McpReply Of(JsonObject result) => new(result, null);

    /// <summary>An error.</summary>
    public static McpReply Fail(
        int code,
        string reason,
        string message,
        int status = StatusCodes.Status200OK,
        JsonObject? data = null
    )
    {
        data ??= [];
        data["reason"] = reason;
        data["help"] = ErrorCodes.HelpOf(reason);
        return new McpReply(
            null,
            new JsonObject
            {
                ["code"] = code,
                ["message"] = message,
                ["data"] = data,
            },
            status
        );
    }

    /// <summary>A failed tool call, which the model reads and can explain to its person.</summary>
    public static McpReply ToolError(string reason, string message, bool isModern)
    {
        var result = new JsonObject
        {
            ["_meta"] = new JsonObject
            {
                ["aspire-gateway/error"] = new JsonObject { ["reason"] = reason, ["help"] = ErrorCodes.HelpOf(reason) },
            },
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = message }),
            ["isError"] = true,
        };
        if (isModern)
        {
            result["resultType"] = "complete";
        }

        return Of(result);
    }

    /// <summary>As the part of a JSON-RPC message that is its answer: <c>result</c> or <c>error</c>.</summary>
    public JsonObject ToAnswer() =>
        Error is null ? new JsonObject { ["result"] = Result } : new JsonObject { ["error"] = Error };

    /// <summary>Writes it as the answer to an HTTP request.</summary>
    public Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> id)
    {
        var message = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.IsEmpty ? null : JsonNode.Parse(id.Span) };
        if (Error is not null)
        {
            message["error"] = Error.DeepClone();
        }
        else
        {
            message["result"] = Result!.DeepClone();
        }

        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(message.ToJsonString(), context.RequestAborted);
    }
}
