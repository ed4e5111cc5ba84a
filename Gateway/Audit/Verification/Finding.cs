namespace AspireGateway.Gateway.Audit.Verification;

/// <summary>What is wrong with the record.</summary>
/// <param name="Kind">One of <see cref="FindingKinds"/>.</param>
/// <param name="File">Name of the file; of a chain where a whole file is missing.</param>
/// <param name="Line">Line in it; 0 where there is none.</param>
/// <param name="Seq">Number of the record; 0 where it is not known.</param>
/// <param name="Text">What is wrong, in words.</param>
internal sealed record Finding(string Kind, string File, int Line, long Seq, string Text)
{
    public override string ToString()
    {
        var line = Line > 0 ? $" line {Line}" : "";
        var seq = Seq > 0 ? $" record {Seq}" : "";
        return $"{File}{line}{seq}: {Kind}: {Text}";
    }
}

/// <summary>Kinds of findings.</summary>
internal static class FindingKinds
{
    /// <summary>A record does not fit its own hash.</summary>
    public const string Changed = "changed";

    /// <summary>Records between two others are gone.</summary>
    public const string Removed = "removed";

    /// <summary>A record is there that does not belong there.</summary>
    public const string Inserted = "inserted";

    /// <summary>A record comes before one that was written earlier.</summary>
    public const string Reordered = "reordered";

    /// <summary>Every hash fits, but an anchor was signed for another record.</summary>
    public const string Rewritten = "rewritten";

    /// <summary>The end of a chain is gone, which an anchor has seen.</summary>
    public const string Truncated = "truncated";

    /// <summary>A segment, or all of a chain, is gone.</summary>
    public const string Missing = "missing";

    /// <summary>An anchor is not what was signed.</summary>
    public const string BadAnchor = "bad anchor";

    /// <summary>A chain has no anchor.</summary>
    public const string NotAnchored = "not anchored";
}
