using System.Text;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Audit.Verification;

namespace AspireGateway.Gateway.Audit.Commands;

/// <summary>Writes records as they stand in the files, so that their hashes still fit, merged by time over all chains.</summary>
internal sealed class AuditExport(DateTimeOffset? from, DateTimeOffset? to, string? user)
{
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

    private static IEnumerable<(Line Line, RecordView Record)> Read(IEnumerable<Segment> segments)
    {
        foreach (var line in segments.SelectMany(static segment => LineReader.Read(segment.Path)))
        {
            if (line.IsWhole && RecordView.TryParse(line.Bytes, out var record))
            {
                yield return (line, record);
            }
        }
    }

    private bool IsAskedFor(RecordView record) =>
        (from is null || record.Time >= from)
        && (to is null || record.Time < to)
        && (user is null || record.User == user);
}
