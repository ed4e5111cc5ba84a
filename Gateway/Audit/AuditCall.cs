using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Audit;

/// <summary>A call or a change whose intent is recorded, for its outcome.</summary>
/// <param name="number">Joins the two, within one chain.</param>
/// <param name="intent">What was recorded.</param>
/// <param name="place">Where the intent waits to be written.</param>
internal sealed class AuditCall(long number, AuditRecord intent, RecordPlace place)
{
    public long Number => number;

    public AuditRecord Intent => intent;

    public RecordPlace Place => place;
}

/// <summary>Where a record waits that is not written yet. The default value is no such place.</summary>
/// <param name="Turn">Counts batches, from 1: with the next one the place is gone.</param>
/// <param name="Index">Index in the batch.</param>
/// <param name="JournalOffset">Where it stands in the journal's half.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecordPlace(long Turn, int Index, int JournalOffset);
