namespace AspireGateway.Gateway.Audit.Chain;

/// <summary>Where a chain ends: what an anchor vouches for.</summary>
/// <param name="Segment">Number of the segment that is written.</param>
/// <param name="Seq">Number of the last record; 0 before the first.</param>
/// <param name="Hash">Digits of its hash.</param>
internal sealed record ChainHead(int Segment, long Seq, string Hash)
{
    /// <summary>Before the first record.</summary>
    public static readonly ChainHead Empty = new(0, 0, RecordLine.NoHash);
}
