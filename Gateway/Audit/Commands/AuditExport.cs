using System.Text;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Audit.Verification;

namespace AspireGateway.Gateway.Audit.Commands;

/// <summary>Writes records as they stand in the files, so that their hashes still fit, merged by time over all chains.</summary>
internal sealed class AuditExport(DateTimeOffset? from, DateTimeOffset? to, string? user)
{
    /// <summary>Records that were written.</summary>
    public int Written { get; private set; }

    /// <summary>Lines that are no records, by file and number: somebody else wrote or changed them.</summary>
    public IList<string> LeftOut { get; } = [];

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public void Write(string folder, TextWriter output)
    {
        var next = new PriorityQueue<IEnumerator<(Line Line, RecordView Record)>, DateTimeOffset>();
        foreach (var chain in Segments.In(folder))
        {
            Enqueue(next, Read(chain).GetEnumerator());
        }

        while (next.TryDequeue(out var chain, out _))
        {
            if (IsAskedFor(chain.Current.Record))
            {
                output.Write(Encoding.UTF8.GetString(chain.Current.Line.Bytes));
                output.Write('\n');
                Written++;
            }

            Enqueue(next, chain);
        }
    }

    private static void Enqueue(
        PriorityQueue<IEnumerator<(Line Line, RecordView Record)>, DateTimeOffset> next,
        IEnumerator<(Line Line, RecordView Record)> chain
    )
    {
        if (chain.MoveNext())
        {
            next.Enqueue(chain, chain.Current.Record.Time);
        }
        else
        {
            chain.Dispose();
        }
    }

    // A line that is not whole is the last one of a process that was killed while it wrote.
    private IEnumerable<(Line Line, RecordView Record)> Read(IEnumerable<Segment> segments)
    {
        foreach (var segment in segments)
        {
            foreach (var line in LineReader.Read(segment.Path).Where(static line => line.IsWhole))
            {
                if (RecordView.TryParse(line.Bytes, out var record))
                {
                    yield return (line, record);
                }
                else
                {
                    LeftOut.Add($"{Path.GetFileName(segment.Path)} line {line.Number}");
                }
            }
        }
    }

    private bool IsAskedFor(RecordView record) =>
        (from is null || record.Time >= from)
        && (to is null || record.Time < to)
        && (user is null || record.User == user);
}
