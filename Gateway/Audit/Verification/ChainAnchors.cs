using AspireGateway.Gateway.Audit.Anchors;
using AspireGateway.Gateway.Audit.Chain;

namespace AspireGateway.Gateway.Audit.Verification;

/// <summary>What was signed about one chain.</summary>
internal sealed class ChainAnchors(IReadOnlyList<Anchor> anchors)
{
    public static readonly ChainAnchors None = new([]);

    private readonly ILookup<long, Anchor> _bySeq = anchors
        .Where(static anchor => anchor.Seq > 0)
        .ToLookup(static anchor => anchor.Seq);

    public bool Any => anchors.Count > 0;

    /// <summary>The one that saw most.</summary>
    public Anchor? Last => anchors.MaxBy(static anchor => anchor.Seq);

    /// <summary>The one that ended the chain in order.</summary>
    public Anchor? End => anchors.FirstOrDefault(static anchor => anchor.Kind == AnchorKinds.Closed);

    /// <summary>Where the chain may begin: with its first record, or behind what was deleted because of its age.</summary>
    public ChainHead? StartAt(int segment) =>
        segment == 1
            ? ChainHead.Empty
            : anchors
                .Where(anchor => anchor.Kind == AnchorKinds.Retained && anchor.Segment == segment - 1)
                .Select(static anchor => new ChainHead(anchor.Segment, anchor.Seq, anchor.Hash))
                .FirstOrDefault();

    /// <summary>Whether everything that was ever seen was deleted because of its age.</summary>
    public bool IsAllDeleted =>
        Last is not { Seq: > 0 } last || _bySeq[last.Seq].Any(static anchor => anchor.Kind == AnchorKinds.Retained);

    /// <summary>An anchor that was signed for another record with this number.</summary>
    public Anchor? Contradicting(RecordView record) =>
        _bySeq[record.Seq].FirstOrDefault(anchor => anchor.Hash != record.Hash);
}
