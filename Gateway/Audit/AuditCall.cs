using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Audit;

/// <summary>A call or a change whose intent is recorded, for its outcome.</summary>
/// <param name="Number">Joins the two, within one chain.</param>
/// <param name="Intent">What was recorded.</param>
/// <param name="Place">Where the intent waited to be written; null when it was written before its call went on.</param>
internal sealed record AuditCall(long Number, AuditRecord Intent, RecordPlace? Place);

/// <summary>Where a record waits that is not written yet.</summary>
/// <param name="Turn">Counts batches: with the next one the place is gone.</param>
/// <param name="Index">Index in the batch.</param>
/// <param name="JournalOffset">Where it stands in the journal's half.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecordPlace(long Turn, int Index, int JournalOffset);
