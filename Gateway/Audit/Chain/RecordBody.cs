using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace AspireGateway.Gateway.Audit.Chain;

/// <summary>
/// Writes what a caller knows of a record, as JSON members without braces; the chain puts its own around them. Each thread has its
/// buffer, because this runs twice in every call.
/// </summary>
internal static class RecordBody
{
    // Names are the caller's to choose; what does not fit says nothing about the call that the digest does not.
    private const int LongestText = 512;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <summary>The members. They are gone when this thread writes the next record.</summary>
    public static ReadOnlySpan<byte> Write(AuditRecord record, long? call)
    {
        var (buffer, json) = Start();
        json.WriteStartObject();
        json.WriteString("kind"u8, record.Kind);
        if (call is { } number)
        {
            json.WriteNumber("call"u8, number);
        }

        WriteMembers(json, record, intent: null);
        return End(buffer, json);
    }

    /// <summary>
    /// What is added to an intent that is not written yet: a comma, and one member with what its outcome says and the intent does not.
    /// It is gone when this thread writes the next record.
    /// </summary>
    public static ReadOnlySpan<byte> WriteOutcome(AuditRecord outcome, AuditRecord intent)
    {
        var (buffer, json) = Start();
        buffer.Write(","u8);
        json.WriteStartObject("outcome"u8);
        WriteMembers(json, outcome, intent);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    /// <summary>A record that the chain itself makes.</summary>
    public static ReadOnlySpan<byte> Write(string kind, DateTimeOffset time, string name, object value)
    {
        var (buffer, json) = Start();
        json.WriteStartObject();
        json.WriteString("kind"u8, kind);
        WriteTime(json, time);
        json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
        return End(buffer, json);
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) Start()
    {
        _buffer ??= new ArrayBufferWriter<byte>(1024);
        _buffer.ResetWrittenCount();
        if (_json is null)
        {
            _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
        }
        else
        {
            _json.Reset(_buffer);
        }

        return (_buffer, _json);
    }

    private static ReadOnlySpan<byte> End(ArrayBufferWriter<byte> buffer, Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan[1..^1];
    }

    private static void WriteMembers(Utf8JsonWriter json, AuditRecord record, AuditRecord? intent)
    {
        WriteTime(json, record.Time);
        json.WriteString("decision"u8, record.Decision);
        json.WriteString("reason"u8, record.Reason);
        WriteNew(json, "rule"u8, record.Rule, intent?.Rule);
        WriteNew(json, "user"u8, record.User, intent?.User);
        WriteNew(json, "client"u8, record.Client, intent?.Client);
        WriteNew(json, "method"u8, record.Method, intent?.Method);
        WriteNew(json, "target"u8, record.Target, intent?.Target);
        WriteNew(json, "name"u8, record.Name, intent?.Name);
        WriteNew(json, "arguments"u8, record.Arguments, intent?.Arguments);
        WriteNew(json, "credential"u8, record.Credential, intent?.Credential);
        if (record.Status != 0)
        {
            json.WriteNumber("status"u8, record.Status);
        }

        WriteNew(json, "traceId"u8, record.TraceId, intent?.TraceId);
    }

    private static void WriteTime(Utf8JsonWriter json, DateTimeOffset time) =>
        json.WriteString("time"u8, time.UtcDateTime);

    private static void WriteNew(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text, string? known)
    {
        if (text is not null && text != known)
        {
            json.WriteString(name, text.AsSpan(0, Math.Min(text.Length, LongestText)));
        }
    }
}
