using AspireGateway.Gateway.Audit.Anchors;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Audit.Journals;

namespace AspireGateway.Gateway.Audit.Verification;

/// <summary>Reads the whole record, of all processes, and says what is wrong with it.</summary>
/// <param name="folder">Folder of the segments.</param>
/// <param name="anchors">Folder of the anchors; null when there are none.</param>
/// <param name="keys">Keys that may have signed.</param>
internal sealed class AuditVerifier(string folder, AnchorFolder? anchors, IEnumerable<AnchorKey> keys)
{
    private readonly Dictionary<string, AnchorKey> _keys = keys.DistinctBy(static key => key.Id, StringComparer.Ordinal)
        .ToDictionary(static key => key.Id, StringComparer.Ordinal);

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public VerificationReport Verify()
    {
        var report = new VerificationReport();

        // Anchors first: what is written meanwhile is then longer than they say, and never shorter.
        var byChain = ReadAnchors(report);
        var chains = Segments.In(folder);
        foreach (var chain in chains)
        {
            report.Chains++;
            report.Segments += chain.Count();
            var own = byChain.GetValueOrDefault(chain.Key, ChainAnchors.None);
            if (anchors is not null && !own.Any)
            {
                report.Findings.Add(
                    new(
                        FindingKinds.NotAnchored,
                        chain.First().Name,
                        0,
                        0,
                        "no anchor vouches for this chain: its anchors were removed, or it was put there by somebody else"
                    )
                );
            }
            else if (new ChainVerifier([.. chain], own, report).Verify() is { } finding)
            {
                report.Findings.Add(finding);
            }
        }

        foreach (var (chain, own) in byChain.Where(entry => !chains.Contains(entry.Key) && !entry.Value.IsAllDeleted))
        {
            report.Findings.Add(
                new(
                    FindingKinds.Missing,
                    chain,
                    0,
                    0,
                    $"the whole chain is missing; the anchor of {own.Last!.Time:u} has seen record {own.Last.Seq}"
                )
            );
        }

        NoteJournals(report);
        return report;
    }

    private void NoteJournals(VerificationReport report)
    {
        foreach (var (path, _) in JournalFormat.In(folder))
        {
            using var file = JournalFormat.TryOpenLeft(path);
            if (file is not null && JournalFormat.Read(file).Count is > 0 and var count)
            {
                report.Notes.Add(
                    $"{Path.GetFileName(path)}: the process was killed. Those of its last {count} record(s) that it had not written yet are put to the end of its chain when a gateway of this folder starts."
                );
            }
        }
    }

    private Dictionary<string, ChainAnchors> ReadAnchors(VerificationReport report)
    {
        var all = new List<Anchor>();
        foreach (var file in anchors?.Files ?? [])
        {
            foreach (var line in LineReader.Read(file))
            {
                var problem = AnchorLine.Read(System.Text.Encoding.UTF8.GetString(line.Bytes), _keys, out var anchor);
                if (!line.IsWhole)
                {
                    problem ??= "it is unfinished";
                }

                if (problem is not null)
                {
                    report.Findings.Add(
                        new(FindingKinds.BadAnchor, Path.GetFileName(file), line.Number, anchor?.Seq ?? 0, problem)
                    );
                    continue;
                }

                all.Add(anchor!);
            }
        }

        report.Anchors = all.Count;
        return all.GroupBy(static anchor => anchor.Chain, StringComparer.Ordinal)
            .ToDictionary(
                static chain => chain.Key,
                static chain => new ChainAnchors([.. chain]),
                StringComparer.Ordinal
            );
    }
}
