using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Audit;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>Reads records as docs/audit.md says.</summary>
internal static class AuditReading
{
    /// <summary>What a record says of a decision or an outcome; null when it says nothing of it.</summary>
    public static JsonElement? OutcomeOf(JsonElement record) =>
        record.GetProperty("kind").GetString() switch
        {
            RecordKinds.Outcome or RecordKinds.Decision => record,
            RecordKinds.Intent when record.TryGetProperty("outcome", out var outcome) => Joined(record, outcome),
            _ => null,
        };

    private static JsonElement Joined(JsonElement intent, JsonElement outcome)
    {
        var joined = JsonObject.Create(intent)!;
        joined.Remove("outcome");
        foreach (var member in outcome.EnumerateObject())
        {
            joined[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(joined);
    }
}
