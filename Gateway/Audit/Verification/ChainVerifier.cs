using AspireGateway.Gateway.Audit.Chain;

namespace AspireGateway.Gateway.Audit.Verification;

/// <summary>Follows one chain from its start to its end, and stops at the first record that does not fit.</summary>
internal sealed class ChainVerifier(IReadOnlyList<Segment> segments, ChainAnchors anchors, VerificationReport report)
{
    private readonly HashSet<long> _openCalls = [];
    private string _previous = RecordLine.NoHash;
    private long _seq;

    /// <summary>Returns the first thing that is wrong, or null.</summary>
    public Finding? Verify()
    {
        var first = segments[0];
        if (anchors.StartAt(first.Number) is { } start)
        {
            (_seq, _previous) = (start.Seq, start.Hash);
        }
        else if (anchors.Any)
        {
            return Missing(
                first,
                "the segments before it are missing, and no anchor says that they were deleted because of their age"
            );
        }
        else
        {
            report.Notes.Add($"{first.Name}: the chain begins here, and nothing vouches for what was before.");
            Adopt(first);
        }

        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].Number != first.Number + i)
            {
                return Missing(segments[i], $"segment {first.Number + i} before it is missing");
            }

            if (VerifySegment(segments[i], isLast: i == segments.Count - 1) is { } finding)
            {
                return finding;
            }
        }

        report.OpenCalls += _openCalls.Count;
        return VerifyEnd();
    }

    private static Finding Missing(Segment segment, string text) => new(FindingKinds.Missing, segment.Name, 0, 0, text);

    // Without anchors the first record that is there has to be believed.
    private void Adopt(Segment segment)
    {
        var line = LineReader.Read(segment.Path).FirstOrDefault();
        if (line.Bytes is not null && RecordView.TryParse(line.Bytes, out var record))
        {
            (_seq, _previous) = (record.Seq - 1, record.Previous);
        }
    }

    private Finding? VerifySegment(Segment segment, bool isLast)
    {
        foreach (var line in LineReader.Read(segment.Path))
        {
            if (!line.IsWhole && isLast && anchors.End is null)
            {
                report.Notes.Add(
                    $"{segment.Name} line {line.Number}: unfinished. It is being written, or its process was killed while it wrote; nothing was called because of it."
                );
                break;
            }

            if (VerifyLine(segment, line) is { } finding)
            {
                return finding;
            }

            report.Records++;
        }

        return null;
    }

    private Finding? VerifyLine(Segment segment, Line line)
    {
        var next = _seq + 1;
        Finding Bad(string kind, long seq, string text) => new(kind, segment.Name, line.Number, seq, text);

        if (!RecordLine.HasItsHash(line.Bytes, out var hash) || !line.IsWhole)
        {
            return Bad(FindingKinds.Changed, next, "its bytes do not fit its own hash");
        }

        if (!RecordView.TryParse(line.Bytes, out var record))
        {
            return Bad(FindingKinds.Changed, next, "it is no record");
        }

        if (record.Chain != segment.Chain)
        {
            return Bad(FindingKinds.Inserted, record.Seq, $"it belongs to chain {record.Chain}");
        }

        if (record.Seq != next || record.Previous != _previous)
        {
            return Explain(record, next, Bad);
        }

        if (anchors.Contradicting(record) is { } anchor)
        {
            return Bad(
                FindingKinds.Rewritten,
                record.Seq,
                $"the anchor of {anchor.Time:u} was signed for a record with the hash {anchor.Hash}"
            );
        }

        (_seq, _previous) = (record.Seq, hash);
        Join(record);
        return null;
    }

    private Finding Explain(RecordView record, long next, Func<string, long, string, Finding> bad)
    {
        if (record.Seq < next)
        {
            return bad(FindingKinds.Inserted, record.Seq, $"number {record.Seq} was there already, {next} was to come");
        }

        if (record.Seq == next)
        {
            return bad(
                FindingKinds.Changed,
                record.Seq,
                "it does not follow from the record before it: one of the two was replaced"
            );
        }

        return IsLater(next)
            ? bad(FindingKinds.Reordered, record.Seq, $"record {next}, which was written before it, comes behind it")
            : bad(FindingKinds.Removed, next, $"records {next} to {record.Seq - 1} are missing before it");
    }

    private bool IsLater(long seq) =>
        segments
            .SelectMany(static segment => LineReader.Read(segment.Path))
            .Any(line => RecordView.TryParse(line.Bytes, out var record) && record.Seq == seq);

    private void Join(RecordView record)
    {
        if (record.Call is not { } call)
        {
            return;
        }

        if (record is { Kind: RecordKinds.Intent, HasOutcome: false })
        {
            _openCalls.Add(call);
        }
        else
        {
            _openCalls.Remove(call);
        }
    }

    private Finding? VerifyEnd()
    {
        var file = segments[^1].Name;
        if (anchors.Last is { } last && last.Seq > _seq)
        {
            return new(
                FindingKinds.Truncated,
                file,
                0,
                _seq + 1,
                $"the chain ends with record {_seq}, and the anchor of {last.Time:u} has seen record {last.Seq}"
            );
        }

        return anchors.End is { } end && end.Seq < _seq
            ? new(
                FindingKinds.Inserted,
                file,
                0,
                end.Seq + 1,
                $"the process ended with record {end.Seq}; what follows was added afterwards"
            )
            : null;
    }
}
