using System.Buffers;

namespace AspireGateway.Gateway.Audit.Chain;

/// <summary>Records that are written together, in the order in which they came. Guarded by whoever owns it.</summary>
internal sealed class Batch(TimeProvider time)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(16 * 1024);
    private readonly List<Entry> _records = [];
    private TaskCompletionSource<bool>? _written;

    public int Count => _records.Count;

    /// <summary>Bytes of all records.</summary>
    public int Size => _bytes.WrittenCount;

    /// <summary>Whether somebody waits for it.</summary>
    public bool IsAwaited => _written is not null;

    /// <summary>When the first record came, as a timestamp.</summary>
    public long Since { get; private set; }

    /// <summary>True when everything in it was written, false when nothing was.</summary>
    public Task<bool> Written
    {
        get
        {
            // One thread completes it, and must not run all the calls that wait for it.
            _written ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _written.Task;
        }
    }

    /// <summary>The members of a record.</summary>
    public ReadOnlySpan<byte> BodyOf(int index) =>
        _bytes.WrittenSpan.Slice(_records[index].Start, _records[index].Length);

    /// <summary>What <see cref="AddOutcome"/> added to a record; empty when it did not.</summary>
    public ReadOnlySpan<byte> OutcomeOf(int index) =>
        _bytes.WrittenSpan.Slice(_records[index].OutcomeStart, _records[index].OutcomeLength);

    // The clock is looked at for the first record only: two looks in every call can be seen in what a call costs.
    public void Add(ReadOnlySpan<byte> body, bool isAwaited) =>
        Add(body, isAwaited, _records.Count == 0 ? time.GetTimestamp() : Since);

    /// <summary>Adds to an intent how its call ended, to be written with it.</summary>
    public void AddOutcome(int index, ReadOnlySpan<byte> outcome)
    {
        _records[index] = _records[index] with { OutcomeStart = _bytes.WrittenCount, OutcomeLength = outcome.Length };
        _bytes.Write(outcome);
    }

    /// <summary>Puts what nobody waits for into another batch: an intent that was not written is withdrawn, as its call is refused.</summary>
    public void KeepOthers(Batch destination)
    {
        for (var i = 0; i < _records.Count; i++)
        {
            if (!_records[i].IsAwaited)
            {
                CopyTo(destination, i);
            }
        }
    }

    /// <summary>Puts everything, and those who wait for it, into another batch.</summary>
    public void MoveTo(Batch destination)
    {
        for (var i = 0; i < _records.Count; i++)
        {
            CopyTo(destination, i);
        }

        destination._written = _written;
    }

    /// <summary>Tells those who wait, and makes it empty.</summary>
    public void Complete(bool isWritten)
    {
        var written = _written;
        _written = null;
        _records.Clear();
        _bytes.ResetWrittenCount();
        written?.SetResult(isWritten);
    }

    private void CopyTo(Batch destination, int index)
    {
        destination.Add(BodyOf(index), _records[index].IsAwaited, Since);
        if (OutcomeOf(index) is { IsEmpty: false } outcome)
        {
            destination.AddOutcome(destination.Count - 1, outcome);
        }
    }

    private void Add(ReadOnlySpan<byte> body, bool isAwaited, long since)
    {
        if (_records.Count == 0)
        {
            Since = since;
        }

        _records.Add(new Entry(_bytes.WrittenCount, body.Length, isAwaited));
        _bytes.Write(body);
    }

    private readonly record struct Entry(int Start, int Length, bool IsAwaited)
    {
        public int OutcomeStart { get; init; }

        public int OutcomeLength { get; init; }
    }
}
