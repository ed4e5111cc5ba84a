using AspireGateway.Gateway.Audit.Journals;

namespace AspireGateway.Gateway.Audit.Chain;

/// <summary>
/// Records that are not in the segment yet: in batches, and while the chain is known to be writable also in its journal. Not for threads at
/// once: its owner's lock guards it.
/// </summary>
internal sealed class WaitingRecords(TimeProvider time)
{
    /// <summary>How long a batch that was written proves that the next can be.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromMilliseconds(500);

    // While nothing can be written, refusals are kept up to here, and counted beyond.
    private const int MostBytes = 8 * 1024 * 1024;

    private Batch _waiting = new(time);
    private Batch? _spare = new(time);
    private long? _lastWritten;
    private long _lost;

    // Of the batch that waits.
    private long _turn;

    /// <summary>Where records survive the end of the process before they are written; null where there is none.</summary>
    public Journal? Journal { get; set; }

    /// <summary>Whether the last batch could not be written.</summary>
    public bool IsFailing { get; private set; }

    /// <summary>Whether a batch was ever written.</summary>
    public bool IsProven => _lastWritten is not null;

    public bool Any => _waiting.Count > 0;

    /// <summary>Whether somebody waits for the next batch.</summary>
    public bool IsAwaited => _waiting.IsAwaited;

    /// <summary>What becomes of the next batch.</summary>
    public Task<bool> NextWritten => _waiting.Written;

    /// <summary>Adds a record that nobody waits for. Where there is no room any more it is counted.</summary>
    public void Add(ReadOnlySpan<byte> body)
    {
        if (_waiting.Size + body.Length > MostBytes)
        {
            _lost++;
            return;
        }

        if (!IsFailing)
        {
            Journal?.TryAppend(body);
        }

        _waiting.Add(body, isAwaited: false);
    }

    /// <summary>
    /// Keeps an intent where the end of the process does not reach it; null when its caller has to wait until it is written, see
    /// <see cref="AddAwaited"/>. A chain that was not written to for a while may have become unwritable meanwhile.
    /// </summary>
    public RecordPlace? TryKeep(ReadOnlySpan<byte> intent)
    {
        if (
            IsFailing
            || _lastWritten is not { } last
            || time.GetElapsedTime(last) >= Trust
            || Journal?.TryAppend(intent) is not { } offset
        )
        {
            return null;
        }

        var place = new RecordPlace(_turn, _waiting.Count, offset);
        _waiting.Add(intent, isAwaited: false);
        return place;
    }

    /// <summary>
    /// Adds to an intent that is kept, and not written yet, how its call ended; false when the outcome needs a record of its own. The journal
    /// has to have both in the same way: whoever finishes a killed chain knows by the bytes what was written.
    /// </summary>
    public bool TryAddOutcome(RecordPlace intent, ReadOnlySpan<byte> outcome)
    {
        if (
            intent.Turn != _turn
            || !_waiting.OutcomeOf(intent.Index).IsEmpty
            || Journal?.TryAppendOutcome(intent.JournalOffset, outcome) is not true
        )
        {
            return false;
        }

        _waiting.AddOutcome(intent.Index, outcome);
        return true;
    }

    /// <summary>Adds an intent whose caller waits.</summary>
    /// <returns>False when it was not written, and is withdrawn.</returns>
    public Task<bool> AddAwaited(ReadOnlySpan<byte> intent)
    {
        _waiting.Add(intent, isAwaited: true);
        return _waiting.Written;
    }

    /// <summary>Adds the record that ends the chain, with the count of what was lost and not yet written down.</summary>
    public void AddEnd() => AddCount(RecordKinds.Closed, "lost");

    /// <summary>Everything that waits, to be written now. What comes meanwhile is for the next batch.</summary>
    public Batch Take()
    {
        if (_lost > 0)
        {
            AddCount(RecordKinds.Lost, "count");
        }

        var batch = _waiting;
        Wait(_spare ?? new Batch(time));
        _spare = null;
        if (!IsFailing)
        {
            Journal?.Turn();
        }

        return batch;
    }

    /// <summary>A batch is in the segment.</summary>
    public void MarkWritten()
    {
        // While something failed no record went to the journal, so that both of its halves belong to this batch.
        if (IsFailing)
        {
            Journal?.ClearAll();
        }
        else
        {
            Journal?.ClearWritten();
        }

        IsFailing = false;
        _lastWritten = time.GetTimestamp();
    }

    /// <summary>A batch could not be written: what was to be written first comes first again, without the intents that were waited for.</summary>
    public void TakeBack(Batch failed)
    {
        IsFailing = true;
        var later = _waiting;
        Wait(new Batch(time));
        failed.KeepOthers(_waiting);
        later.MoveTo(_waiting);
    }

    /// <summary>Gives back a batch that is done with, to be used again.</summary>
    public void GiveBack(Batch batch) => _spare ??= batch;

    // Places in the batch before are gone.
    private void Wait(Batch batch)
    {
        _waiting = batch;
        _turn++;
    }

    private void AddCount(string kind, string name)
    {
        var body = RecordBody.Write(kind, time.GetUtcNow(), name, _lost);
        _waiting.Add(body, isAwaited: false);
        _lost = 0;
    }
}
