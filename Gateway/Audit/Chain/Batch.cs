using System.Buffers;

namespace AspireGateway.Gateway.Audit.Chain;

/// <summary>Records that are written together, in the order in which they came. Guarded by whoever owns it.</summary>
internal sealed class Batch(TimeProvider time)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(16 * 1024);
    private readonly List<(int Start, int Length, bool IsAwaited)> _records = [];
    private TaskCompletionSource<bool>? _written;

    public int Count => _records.Count;

    /// <summary>Bytes of all records.</summary>
    public int Size => _bytes.WrittenCount;

    /// <summary>Whether somebody waits for it.</summary>
    public bool IsAwaited => _written is not null;

    /// <summary>When the first record came, as a timestamp.</summary>
    public long Since { get; private set; }

    public ReadOnlySpan<byte> this[int index] =>
        _bytes.WrittenSpan.Slice(_records[index].Start, _records[index].Length);

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

    // The clock is looked at for the first record only: two looks in every call can be seen in what a call costs.
    public void Add(ReadOnlySpan<byte> body, bool isAwaited) =>
        Add(body, isAwaited, _records.Count == 0 ? time.GetTimestamp() : Since);

    /// <summary>Puts what nobody waits for into another batch: an intent that was not written is withdrawn, as its call is refused.</summary>
    public void KeepOthers(Batch destination)
    {
        for (var i = 0; i < _records.Count; i++)
        {
            if (!_records[i].IsAwaited)
            {
                destination.Add(this[i], isAwaited: false, Since);
            }
        }
    }

    /// <summary>Puts everything, and those who wait for it, into another batch.</summary>
    public void MoveTo(Batch destination)
    {
        for (var i = 0; i < _records.Count; i++)
        {
            destination.Add(this[i], _records[i].IsAwaited, Since);
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

    private void Add(ReadOnlySpan<byte> body, bool isAwaited, long since)
    {
        if (_records.Count == 0)
        {
            Since = since;
        }

        _records.Add((_bytes.WrittenCount, body.Length, isAwaited));
        _bytes.Write(body);
    }
}
