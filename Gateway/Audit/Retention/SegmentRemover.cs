using AspireGateway.Gateway.Audit.Anchors;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Audit.Journals;
using AspireGateway.Gateway.Audit.Verification;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit.Retention;

/// <summary>
/// Deletes whole segments whose last record is too old, oldest first. An anchor that names the last deleted record is written before: what
/// is left still verifies, and a segment that is missing without one was taken away.
/// </summary>
internal sealed class SegmentRemover(
    ChainWriter own,
    AnchorWriter anchors,
    IOptions<AuditOptions> options,
    ILogger<SegmentRemover> logger
)
{
    /// <summary>Deletes what ends before a moment.</summary>
    /// <exception cref="IOException">A segment could not be read or deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">A segment may not be read or deleted.</exception>
    public void RemoveOlderThan(DateTimeOffset moment)
    {
        if (!Directory.Exists(options.Value.FullPath))
        {
            return;
        }

        foreach (var chain in Segments.In(options.Value.FullPath))
        {
            // The segment that is written is kept whatever its age: an idle gateway goes on writing there, and so does one that was suspended.
            var isWritten = chain.Key == own.Id || JournalFormat.IsHeld(options.Value.FullPath, chain.Key);
            foreach (var segment in isWritten ? chain.SkipLast(1) : chain)
            {
                if (!TryRemove(segment, moment))
                {
                    break;
                }
            }
        }
    }

    private bool TryRemove(Segment segment, DateTimeOffset moment)
    {
        // What cannot be read is for the verifier to report, not to be deleted.
        if (LastOf(segment) is not { } end || end.Time >= moment)
        {
            return false;
        }

        if (
            options.Value.Anchors.Enabled
            && !anchors.Write(
                own.Id,
                AnchorKinds.Retained,
                segment.Chain,
                new ChainHead(segment.Number, end.Seq, end.Hash)
            )
        )
        {
            return false;
        }

        File.Delete(segment.Path);
        logger.SegmentDeleted(segment.Name, options.Value.Retention ?? TimeSpan.Zero);
        return true;
    }

    private static RecordView? LastOf(Segment segment)
    {
        RecordView? last = null;
        try
        {
            foreach (var line in LineReader.Read(segment.Path))
            {
                if (RecordView.TryParse(line.Bytes, out var record))
                {
                    last = record;
                }
            }
        }
        catch (FileNotFoundException)
        {
            // Another process deletes this chain at the same moment, and goes on with it. Or somebody took the segment away, which must
            // not be covered by deleting those behind it.
        }

        return last;
    }
}
