using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AspireGateway.Gateway.Audit.Verification;

/// <summary>What reading a chain needs of a record.</summary>
internal sealed record RecordView(
    string Chain,
    long Seq,
    string Previous,
    string Hash,
    DateTimeOffset Time,
    string Kind
)
{
    /// <summary>Number that joins an intent with its outcome.</summary>
    public long? Call { get; private init; }

    /// <summary>Whether an intent says itself how its call ended.</summary>
    public bool HasOutcome { get; private init; }

    /// <summary>Issuer and subject.</summary>
    public string? User { get; private init; }

    /// <summary>Reads a line; false when it is no record.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> line, [NotNullWhen(true)] out RecordView? record)
    {
        record = null;
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            record = new RecordView(
                root.GetProperty("chain").GetString()!,
                root.GetProperty("seq").GetInt64(),
                root.GetProperty("previous").GetString()!,
                root.GetProperty("hash").GetString()!,
                root.GetProperty("time").GetDateTimeOffset(),
                root.GetProperty("kind").GetString()!
            )
            {
                Call = root.TryGetProperty("call", out var call) ? call.GetInt64() : null,
                HasOutcome = root.TryGetProperty("outcome", out _),
                User = root.TryGetProperty("user", out var user) ? user.GetString() : null,
            };
            return true;
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
