using System.Buffers;
using System.Text.Json;

namespace AspireGateway.Gateway;

/// <summary>JSON-RPC 2.0 error codes that the gateway itself answers with.</summary>
internal static class JsonRpcCodes
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;

    /// <summary>The request was refused before a target saw it; <c>data.reason</c> has the stable code.</summary>
    public const int Refused = -32001;

    /// <summary>The target did not answer, or not with JSON-RPC.</summary>
    public const int TargetUnavailable = -32002;

    /// <summary>Headers and body disagree (MCP revision 2026-07-28).</summary>
    public const int HeaderMismatch = -32020;

    /// <summary>The client cannot be asked what the request would need (MCP revision 2026-07-28).</summary>
    public const int MissingCapability = -32021;

    /// <summary>The revision is not spoken here (MCP revision 2026-07-28).</summary>
    public const int UnsupportedVersion = -32022;

    /// <summary>A person must open a link first (MCP revision 2025-11-25).</summary>
    public const int UrlElicitationRequired = -32042;
}

/// <summary>Writes JSON-RPC error answers.</summary>
internal static class JsonRpc
{
    /// <summary>Answers with a JSON-RPC error object.</summary>
    /// <param name="context">Request to answer; nothing of the answer may have been sent.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="id">The request's <c>id</c> as it stands in the body; empty for <c>null</c>.</param>
    /// <param name="code">JSON-RPC error code.</param>
    /// <param name="reason">Stable code for programs, in <c>data.reason</c>; <c>data.help</c> leads to its fix.</param>
    /// <param name="message">What is wrong and what to do, for a person.</param>
    public static Task WriteErrorAsync(
        this HttpContext context,
        int status,
        ReadOnlyMemory<byte> id,
        int code,
        string reason,
        string message
    )
    {
        var body = Error(id, code, reason, message);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>A JSON-RPC error object as it is sent; parameters as of <see cref="WriteErrorAsync"/>.</summary>
    public static ReadOnlyMemory<byte> Error(ReadOnlyMemory<byte> id, int code, string reason, string message)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("jsonrpc", "2.0");
        json.WritePropertyName("id");
        json.WriteRawValue(id.IsEmpty ? "null"u8 : id.Span, skipInputValidation: true);
        json.WriteStartObject("error");
        json.WriteNumber("code", code);
        json.WriteString("message", message);
        json.WriteStartObject("data");
        json.WriteString("reason", reason);
        json.WriteString("help", ErrorCodes.HelpOf(reason));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
