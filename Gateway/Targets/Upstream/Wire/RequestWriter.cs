using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Targets.Upstream.Wire;

/// <summary>
/// Writes JSON-RPC messages to targets. What the client said in <c>_meta</c> about itself, its progress and its trace is replaced by what the
/// gateway says on its own connection.
/// </summary>
internal static class RequestWriter
{
    private static readonly JsonEncodedText Meta = JsonEncodedText.Encode("_meta");

    /// <summary>A call.</summary>
    public static ReadOnlyMemory<byte> Write(TargetSession session, UpstreamCall call, long id) =>
        Message(json =>
        {
            json.WriteNumber("id", id);
            json.WriteString("method", call.Method);
            json.WriteStartObject("params");
            foreach (var (name, value) in call.Parameters)
            {
                if (name is not "_meta" && (call.Answers is null || name is not ("inputResponses" or "requestState")))
                {
                    WriteMember(json, name, value);
                }
            }

            WriteAnswers(json, call.Answers);
            WriteMeta(json, session, call, id);
            json.WriteEndObject();
        });

    /// <summary>A notification.</summary>
    public static ReadOnlyMemory<byte> WriteNotification(string method, JsonObject parameters) =>
        Message(json =>
        {
            json.WriteString("method", method);
            WriteMember(json, "params", parameters);
        });

    /// <summary>The answer to a request of the target.</summary>
    /// <param name="id">The request's id as the target wrote it.</param>
    /// <param name="answer">Has <c>result</c> or <c>error</c>; anything else in it is left out.</param>
    public static ReadOnlyMemory<byte> WriteAnswer(JsonNode id, JsonObject answer) =>
        Message(json =>
        {
            WriteMember(json, "id", id);
            var member = answer.ContainsKey("error") ? "error" : "result";
            WriteMember(json, member, answer[member] ?? new JsonObject());
        });

    private static ReadOnlyMemory<byte> Message(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("jsonrpc", "2.0");
        writeMembers(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteAnswers(Utf8JsonWriter json, InputAnswers? answers)
    {
        if (answers?.Responses is { } responses)
        {
            WriteMember(json, "inputResponses", responses);
        }

        if (answers?.RequestState is { } state)
        {
            json.WriteString("requestState", state);
        }
    }

    private static void WriteMeta(Utf8JsonWriter json, TargetSession session, UpstreamCall call, long id)
    {
        json.WriteStartObject(Meta);
        if (call.Parameters["_meta"] is JsonObject given)
        {
            foreach (var (name, value) in given)
            {
                if (IsForTarget(name))
                {
                    WriteMember(json, name, value);
                }
            }
        }

        if (call.WantsProgress)
        {
            // Tokens are chosen by callers and may be equal; ids of the session are not.
            json.WriteNumber("progressToken", id);
        }

        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
        {
            json.WriteString("traceparent", trace);
        }

        if (session.IsModern)
        {
            json.WriteString(McpMeta.ProtocolVersion, session.Version);
            json.WritePropertyName(McpMeta.ClientInfo);
            json.WriteRawValue(GatewayIdentity.Json, skipInputValidation: true);
            json.WritePropertyName(McpMeta.ClientCapabilities);
            json.WriteRawValue(ClientCapabilitiesJson.Write(call.Abilities), skipInputValidation: true);
            if (call.LogLevel is { } level)
            {
                json.WriteString(McpMeta.LogLevel, level);
            }
        }

        json.WriteEndObject();
    }

    private static bool IsForTarget(string name) =>
        name is not ("progressToken" or "traceparent" or "tracestate" or "baggage")
        && !name.StartsWith(McpMeta.Prefix, StringComparison.Ordinal);

    private static void WriteMember(Utf8JsonWriter json, string name, JsonNode? value)
    {
        json.WritePropertyName(name);
        if (value is null)
        {
            json.WriteNullValue();
        }
        else
        {
            value.WriteTo(json);
        }
    }
}
