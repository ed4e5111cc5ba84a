using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace AspireGateway.Gateway.Audit.Chain;

/// <summary>
/// The chain of this process: gives records their place in it and writes them. One thread at a time; <see cref="Head"/> may be read
/// by any.
/// </summary>
internal sealed class ChainWriter(IOptions<AuditOptions> options, TimeProvider time) : IDisposable
{
    private readonly AuditOptions _options = options.Value;
    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);
    private readonly byte[] _previous = Encoding.ASCII.GetBytes(RecordLine.NoHash);
    private byte[]? _prefix;
    private FileStream? _file;
    private SafeFileHandle? _handle;
    private long _length;
    private long _seq;
    private int _segment;
    private DateTimeOffset _segmentStart;
    private volatile ChainHead _head = ChainHead.Empty;

    /// <summary>Names the chain in every record and in the names of its files.</summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>The last record that is written.</summary>
    public ChainHead Head => _head;

    public string Folder => _options.FullPath;

    /// <summary>Writes a batch, all of it or nothing.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written.</exception>
    public void Write(Batch batch)
    {
        OpenSegment();
        _lines.ResetWrittenCount();
        Span<byte> previous = stackalloc byte[RecordLine.HashLength];
        _previous.CopyTo(previous);
        var seq = _seq;
        if (seq == 0)
        {
            var process = $"{Environment.MachineName} process {Environment.ProcessId}";
            Append(++seq, previous, RecordBody.Write(RecordKinds.Opened, time.GetUtcNow(), "process", process));
        }

        for (var i = 0; i < batch.Count; i++)
        {
            Append(++seq, previous, batch.BodyOf(i), batch.OutcomeOf(i));
        }

        if (_lines.WrittenCount > 0)
        {
            WriteLines();
            _seq = seq;
            previous.CopyTo(_previous);
            _head = new ChainHead(_segment, seq, Encoding.ASCII.GetString(previous));
        }
    }

    /// <summary>Forgets the file, so that the next batch opens it again and takes away what a failed write left.</summary>
    public void Close()
    {
        _file?.Dispose();
        (_file, _handle) = (null, null);
    }

    public void Dispose() => _file?.Dispose();

    private void Append(long seq, Span<byte> previous, ReadOnlySpan<byte> body, ReadOnlySpan<byte> outcome = default) =>
        RecordLine.Append(_lines, _prefix ??= RecordLine.Prefix(Id), seq, previous, body, outcome);

    private void OpenSegment()
    {
        if (_file is not null && !IsFull())
        {
            return;
        }

        if (_file is not null || _segment == 0)
        {
            Close();
            Next();
        }

        OwnerOnly.CreateFolder(Folder);
        var file = Open();
        if (file.Length < _length)
        {
            // Somebody took records away. The gap stays visible; what comes now has a place of its own.
            file.Dispose();
            Next();
            file = Open();
        }

        try
        {
            // What is behind belongs to a batch that failed: nobody went on because of it.
            if (file.Length > _length)
            {
                file.SetLength(_length);
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        // Kept, because a stream asks the system where it stands each time that it is asked for this.
        (_file, _handle) = (file, file.SafeFileHandle);
    }

    private void Next()
    {
        _segment++;
        _length = 0;
        _segmentStart = time.GetUtcNow();
    }

    private FileStream Open() =>
        OwnerOnly.Open(
            Path.Combine(Folder, Segments.NameOf(Id, _segment)),
            FileMode.OpenOrCreate,
            FileShare.ReadWrite | FileShare.Delete
        );

    private bool IsFull() =>
        _length > 0 && (_length >= _options.SegmentBytes || time.GetUtcNow() - _segmentStart >= _options.SegmentAge);

    private void WriteLines()
    {
        RandomAccess.Write(_handle!, _lines.WrittenSpan, _length);
        if (_options.Durability is AuditDurability.Disk)
        {
            RandomAccess.FlushToDisk(_handle!);
        }

        _length += _lines.WrittenCount;
    }
}
