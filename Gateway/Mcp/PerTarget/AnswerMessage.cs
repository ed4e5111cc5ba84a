using System.Text.Json;

namespace AspireGateway.Gateway.Mcp.PerTarget;

/// <summary>Looks whether the body of an answer is the JSON-RPC response to a request. The body itself goes on as it came.</summary>
internal static class AnswerMessage
{
    private const int MaxDepth = 512;

    /// <summary>Returns what is wrong, or null.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="id">The request's id as it stands in its body.</param>
    /// <param name="isRefusal">Whether the status is 4xx: a server that did not understand the request does not know its id.</param>
    public static string? Check(ReadOnlySpan<byte> body, ReadOnlySpan<byte> id, bool isRefusal)
    {
        if (body.StartsWith("\uFEFF"u8))
        {
            body = body[3..];
        }

        try
        {
            return Read(body, id, isRefusal);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "it is not JSON";
        }
    }

    private static string? Read(ReadOnlySpan<byte> body, ReadOnlySpan<byte> id, bool isRefusal)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "it is no JSON-RPC message";
        }

        bool isJsonRpc = false,
            hasResult = false,
            hasError = false,
            hasId = false,
            hasNoId = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                hasId = IsSame(ref reader, id);
                hasNoId = reader.TokenType == JsonTokenType.Null;
                continue;
            }

            if (reader.ValueTextEquals("jsonrpc"u8))
            {
                reader.Read();
                isJsonRpc = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
                reader.Skip();
                continue;
            }

            hasResult |= reader.ValueTextEquals("result"u8);
            hasError |= reader.ValueTextEquals("error"u8);
            reader.Skip();
        }

        // Throws where something stands behind the end.
        reader.Read();
        return !isJsonRpc ? "it is no JSON-RPC message"
            : hasResult == hasError ? "it has neither or both of result and error"
            : hasId || (hasError && (hasNoId || isRefusal)) ? null
            : "it answers another request";
    }

    private static bool IsSame(ref Utf8JsonReader reader, ReadOnlySpan<byte> id)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                return reader.ValueSpan.SequenceEqual(id)
                    || (
                        id[0] != (byte)'"'
                        && reader.TryGetDecimal(out var number)
                        && JsonSerializer.Deserialize<decimal>(id) == number
                    );
            case JsonTokenType.String:
                return id[0] == (byte)'"'
                    && (
                        reader.ValueSpan.SequenceEqual(id[1..^1])
                        || string.Equals(
                            reader.GetString(),
                            JsonSerializer.Deserialize<string>(id),
                            StringComparison.Ordinal
                        )
                    );
            default:
                reader.Skip();
                return false;
        }
    }
}
