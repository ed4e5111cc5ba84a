using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace AspireGateway.Gateway.Audit.Journals;

/// <summary>
/// Keeps what is not in the chain's segment yet, so that a killed process loses nothing: a file in memory that is the operating system's, to
/// which a record is copied without asking it for anything. Of its two halves one takes new records, while those of the other are
/// written to the segment. Not for threads at once: its owner's lock guards it.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;

    // Written to directly: a stream would have its position set and checked for each part of a record.
    private readonly SafeMemoryMappedViewHandle _memory;
    private int _half;
    private int _used;
    private long _turn;

    private Journal(FileStream file, MemoryMappedFile map)
    {
        (_file, _map) = (file, map);
        _view = map.CreateViewAccessor(0, JournalFormat.FileBytes);
        _memory = _view.SafeMemoryMappedViewHandle;
        WriteHeader(0, ++_turn, used: 0);
    }

    /// <summary>Whether the half that takes records should be written now.</summary>
    public bool IsFilling => _used > JournalFormat.BatchBytes;

    /// <summary>Makes the file of a chain. Null, and a line in the log, where that is not possible: then there is no journal.</summary>
    public static Journal? TryOpen(string folder, string chain, ILogger logger)
    {
        try
        {
            return Create(folder, chain);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            logger.NoJournal(folder, exception.Message);
            return null;
        }
    }

    private static Journal Create(string folder, string chain)
    {
        var path = JournalFormat.PathOf(folder, chain);

        // Others may read it, but not have it for themselves: that is how a living process is known.
        var file = OwnerOnly.Open(path, FileMode.CreateNew, FileShare.Read);
        try
        {
            // Written, not only made that long: a full disk must be noticed here, and not when a page of it is touched.
            file.Write(new byte[JournalFormat.FileBytes]);
            using var second = JournalFormat.TryOpenLeft(path);
            if (second is not null)
            {
                throw new NotSupportedException(
                    "files cannot be locked there, and whether their process still lives could not be told"
                );
            }

            var map = MemoryMappedFile.CreateFromFile(
                file,
                mapName: null,
                capacity: 0,
                MemoryMappedFileAccess.ReadWrite,
                HandleInheritability.None,
                leaveOpen: true
            );
            return new Journal(file, map);
        }
        catch
        {
            Remove(file);
            throw;
        }
    }

    /// <summary>Copies a record.</summary>
    /// <returns>Where it stands in its half; null when there is no room until <see cref="Turn"/>.</returns>
    public int? TryAppend(ReadOnlySpan<byte> body)
    {
        Span<byte> head = stackalloc byte[JournalFormat.RecordHeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, body.Length);
        var offset = _used;
        return TryAppend(head, body) ? offset : null;
    }

    /// <summary>Copies what is added to a record of this half; false when there is no room.</summary>
    /// <param name="record">Where the record stands, as <see cref="TryAppend(ReadOnlySpan{byte})"/> said.</param>
    /// <param name="outcome">What is added behind its bytes.</param>
    public bool TryAppendOutcome(int record, ReadOnlySpan<byte> outcome)
    {
        Span<byte> head = stackalloc byte[JournalFormat.OutcomeHeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, -outcome.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[sizeof(int)..], record);
        return TryAppend(head, outcome);
    }

    /// <summary>Lets new records go to the other half, which must be empty, because those of this one are about to be written.</summary>
    public void Turn()
    {
        _half = 1 - _half;
        _used = 0;
        WriteHeader(_half, ++_turn, used: 0);
    }

    /// <summary>The records of the half before the last turn are in the segment.</summary>
    public void ClearWritten() => WriteHeader(1 - _half, turn: 0, used: 0);

    /// <summary>All records are in the segment.</summary>
    public void ClearAll()
    {
        ClearWritten();
        _used = 0;
        WriteHeader(_half, _turn, used: 0);
    }

    /// <summary>Takes the file away: everything is in the segment, and nothing will come.</summary>
    public void Remove()
    {
        Unmap();
        Remove(_file);
    }

    /// <summary>Lets go of the file, and leaves it to <see cref="JournalRecovery"/>.</summary>
    public void Dispose()
    {
        Unmap();
        _file.Dispose();
    }

    private bool TryAppend(ReadOnlySpan<byte> head, ReadOnlySpan<byte> bytes)
    {
        var next = _used + head.Length + bytes.Length;
        if (next > JournalFormat.HalfBytes)
        {
            return false;
        }

        var start = JournalFormat.StartOf(_half) + _used;
        Write(start, head);
        Write(start + head.Length, bytes);

        // Last: until then a reader does not see the record, of which a killed process may have copied a part.
        _used = next;
        WriteHeader(_half, _turn, _used);
        return true;
    }

    private void Unmap()
    {
        _view.Dispose();
        _map.Dispose();
    }

    private static void Remove(FileStream file)
    {
        file.Dispose();
        File.Delete(file.Name);
    }

    private void WriteHeader(int half, long turn, int used)
    {
        Span<byte> header = stackalloc byte[JournalFormat.HeaderBytes];
        BinaryPrimitives.WriteInt64LittleEndian(header, turn);
        BinaryPrimitives.WriteInt32LittleEndian(header[sizeof(long)..], used);
        Write(JournalFormat.HeaderOf(half), header);
    }

    private void Write(int offset, ReadOnlySpan<byte> bytes) =>
        _memory.WriteSpan((ulong)(_view.PointerOffset + offset), bytes);
}
