using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Audit.Verification;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit.Journals;

/// <summary>
/// Puts what a killed process left in its journal to the end of its chain, where that process would have put it. Any gateway of the folder
/// does that when it starts; one that lives holds a lock on its journal. It signs nothing: the end of a chain whose process was
/// killed is as far from an anchor as before.
/// </summary>
internal sealed class JournalRecovery(IOptions<AuditOptions> options, ILogger<JournalRecovery> logger)
{
    /// <summary>Looks through the folder. What cannot be done is logged, and stops no start.</summary>
    public void Recover()
    {
        try
        {
            foreach (var (path, chain) in JournalFormat.In(options.Value.FullPath))
            {
                TryRecover(path, chain);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.JournalsNotRead(options.Value.FullPath, exception);
        }
    }

    private void TryRecover(string path, string chain)
    {
        try
        {
            using (var file = JournalFormat.TryOpenLeft(path))
            {
                if (file is null)
                {
                    return;
                }

                Recover(file, chain);
            }

            File.Delete(path);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            logger.JournalNotRecovered(path, exception);
        }
    }

    private void Recover(FileStream journal, string chain)
    {
        var records = JournalFormat.Read(journal);
        if (records.Count == 0)
        {
            return;
        }

        var segments = Segments.In(options.Value.FullPath)[chain].ToList();
        var end = ReadEnd(segments);
        if (end.IsClosed)
        {
            // Its process ended in order, after it had written everything.
            return;
        }

        var missing = records.Where(record => !end.Take(record)).ToList();
        Append(segments[^1], end, missing);
        logger.JournalRecovered(missing.Count, chain, segments[^1].Name);
    }

    // The last segment may be new, with nothing in it yet; then the one before says how the chain goes on.
    private static ChainEnd ReadEnd(List<Segment> segments)
    {
        var end = new ChainEnd();
        for (var i = segments.Count - 1; i >= 0 && end.Seq == 0; i--)
        {
            Read(segments[i], end);
            end.Length = i == segments.Count - 1 ? end.Length : 0;
        }

        return end.Seq > 0 ? end : throw new InvalidDataException("there is no record of its chain to go on from");
    }

    private static void Read(Segment segment, ChainEnd end)
    {
        foreach (var line in LineReader.Read(segment.Path).Where(static line => line.IsWhole))
        {
            if (!RecordLine.HasItsHash(line.Bytes, out var hash) || !RecordView.TryParse(line.Bytes, out var record))
            {
                throw new InvalidDataException(
                    $"{segment.Name} line {line.Number} was changed ('audit verify' says more)"
                );
            }

            end.Add(line.Bytes, record, hash);
        }
    }

    private static void Append(Segment segment, ChainEnd end, IReadOnlyList<byte[]> records)
    {
        var lines = new ArrayBufferWriter<byte>();
        var prefix = RecordLine.Prefix(segment.Chain);
        var previous = Encoding.ASCII.GetBytes(end.Hash);
        var seq = end.Seq;
        foreach (var record in records)
        {
            RecordLine.Append(lines, prefix, ++seq, previous, record);
        }

        // A line that is not whole was being written when the process was killed; its record is one of these.
        using var file = OwnerOnly.Open(segment.Path, FileMode.Open, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(end.Length);
        file.Position = end.Length;
        file.Write(lines.WrittenSpan);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Where a segment ends, and what is in it.</summary>
    private sealed class ChainEnd
    {
        private readonly Dictionary<Int128, int> _bodies = [];

        public long Seq { get; private set; }

        public string Hash { get; private set; } = RecordLine.NoHash;

        /// <summary>Bytes of the last segment that are whole lines.</summary>
        public long Length { get; set; }

        public bool IsClosed { get; private set; }

        public void Add(byte[] line, RecordView record, string hash)
        {
            (Seq, Hash) = (record.Seq, hash);
            Length += line.Length + 1;
            IsClosed = record.Kind is RecordKinds.Closed;
            var key = KeyOf(RecordLine.BodyOf(line));
            _bodies[key] = _bodies.GetValueOrDefault(key) + 1;
        }

        /// <summary>Whether a record is there, once for each time that it is.</summary>
        public bool Take(byte[] body)
        {
            var key = KeyOf(body);
            var isThere = _bodies.TryGetValue(key, out var times) && times > 0;
            if (isThere)
            {
                _bodies[key] = times - 1;
            }

            return isThere;
        }

        private static Int128 KeyOf(ReadOnlySpan<byte> body) =>
            System.Buffers.Binary.BinaryPrimitives.ReadInt128LittleEndian(SHA256.HashData(body));
    }
}
