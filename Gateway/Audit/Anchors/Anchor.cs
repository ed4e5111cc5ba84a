using System.Text.Json.Serialization;

namespace AspireGateway.Gateway.Audit.Anchors;

/// <summary>What was signed about a chain at one moment.</summary>
internal sealed record Anchor
{
    /// <summary>Why it was written: one of <see cref="AnchorKinds"/>.</summary>
    public required string Kind { get; init; }

    public required string Chain { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>Segment that was written at that moment; for <see cref="AnchorKinds.Retained"/> the last that was deleted.</summary>
    public int Segment { get; init; }

    /// <summary>Last record that was there; for <see cref="AnchorKinds.Retained"/> the last that was deleted.</summary>
    public long Seq { get; init; }

    /// <summary>Hash of that record.</summary>
    public required string Hash { get; init; }

    /// <summary>Id of the key that signed.</summary>
    public required string Key { get; init; }
}

/// <summary>Why an anchor was written.</summary>
internal static class AnchorKinds
{
    /// <summary>A process began its chain.</summary>
    public const string Opened = "opened";

    /// <summary>Enough records, or enough time.</summary>
    public const string Interval = "interval";

    /// <summary>A segment is full.</summary>
    public const string Rotated = "rotated";

    /// <summary>A process ended in order: nothing may come behind.</summary>
    public const string Closed = "closed";

    /// <summary>Segments up to here were deleted because of their age.</summary>
    public const string Retained = "retained";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Anchor))]
internal sealed partial class AnchorJson : JsonSerializerContext;
