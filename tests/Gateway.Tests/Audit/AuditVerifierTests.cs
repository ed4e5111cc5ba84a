using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Audit.Anchors;
using AspireGateway.Gateway.Audit.Verification;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>What the verifier says about a record that somebody has worked on.</summary>
public sealed class AuditVerifierTests : IDisposable
{
    private readonly AuditRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task An_untouched_record_of_several_processes_is_sound()
    {
        await _rig.WriteChainAsync(calls: 10);
        await _rig.WriteChainAsync(calls: 5);
        using var running = _rig.NewProcess();
        await running.StartAsync();
        await running.WriteAsync(_rig.Record("in flight") with { Kind = RecordKinds.Intent });

        var report = _rig.Verify();

        report.Findings.ShouldBeEmpty();
        (report.Chains, report.Segments, report.OpenCalls).ShouldBe((3, 3, 1));
        report.Records.ShouldBe(20 + 2 + 10 + 2 + 2);
    }

    [Fact]
    public async Task A_process_that_was_killed_leaves_a_sound_record_even_in_the_middle_of_a_line()
    {
        using var process = _rig.NewProcess();
        await process.StartAsync();
        await process.WriteAsync(_rig.Record("a") with { Kind = RecordKinds.Intent });
        process.Dispose();
        await File.AppendAllTextAsync(_rig.Files.Single(), "{\"chain\":\"", TestContext.Current.CancellationToken);

        var report = _rig.Verify();

        report.Findings.ShouldBeEmpty();
        report.OpenCalls.ShouldBe(1);
        report.Notes.ShouldHaveSingleItem().ShouldContain("unfinished");
    }

    [Fact]
    public async Task A_changed_record_is_named()
    {
        await Change(static lines => lines[3] = lines[3].Replace("alice", "mallo", StringComparison.Ordinal));

        ShouldFind(FindingKinds.Changed, line: 4, seq: 4);
    }

    [Fact]
    public async Task A_removed_record_is_named()
    {
        await Change(static lines => lines.RemoveAt(3));

        ShouldFind(FindingKinds.Removed, line: 4, seq: 4);
    }

    [Fact]
    public async Task An_inserted_record_is_named()
    {
        await Change(static lines => lines.Insert(3, lines[1]));

        ShouldFind(FindingKinds.Inserted, line: 4, seq: 2);
    }

    [Fact]
    public async Task Exchanged_records_are_named()
    {
        await Change(static lines => (lines[3], lines[4]) = (lines[4], lines[3]));

        ShouldFind(FindingKinds.Reordered, line: 4, seq: 5);
    }

    [Fact]
    public async Task A_record_of_another_chain_is_named()
    {
        await _rig.WriteChainAsync(calls: 3);
        var other = await File.ReadAllLinesAsync(_rig.Files.Single(), TestContext.Current.CancellationToken);
        await _rig.WriteChainAsync(calls: 3);
        var file = _rig.Files.Single(file => File.ReadLines(file).First() != other[0]);
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        lines[2] = other[2];
        await File.WriteAllTextAsync(file, string.Join('\n', lines) + '\n', TestContext.Current.CancellationToken);

        var finding = _rig.Verify().Findings.ShouldHaveSingleItem();
        (finding.Kind, finding.File, finding.Line).ShouldBe((FindingKinds.Inserted, Path.GetFileName(file), 3));
    }

    [Fact]
    public async Task A_chain_that_ends_before_its_last_anchor_is_named()
    {
        await Change(static lines => lines.RemoveRange(5, lines.Count - 5));

        ShouldFind(FindingKinds.Truncated, line: 0, seq: 6);
    }

    [Fact]
    public async Task A_chain_that_was_computed_anew_fits_no_anchor()
    {
        await _rig.WriteChainAsync(calls: 5);
        var forged = Path.Combine(_rig.Options.FullPath, "..", "forged");
        var original = _rig.Files.Single();
        RecordForger.Rewrite(original, forged, static text => text.Replace("alice", "mallo", StringComparison.Ordinal));
        File.Move(forged, original, overwrite: true);

        _rig.Verify().Findings.ShouldHaveSingleItem().Kind.ShouldBe(FindingKinds.Rewritten);
    }

    [Fact]
    public async Task A_chain_that_is_gone_is_named()
    {
        await _rig.WriteChainAsync(calls: 5);
        File.Delete(_rig.Files.Single());

        _rig.Verify().Findings.ShouldHaveSingleItem().Kind.ShouldBe(FindingKinds.Missing);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_segment_that_is_gone_is_named(int index)
    {
        _rig.Options.SegmentBytes = 4096;
        await _rig.WriteChainAsync(calls: 20);
        _rig.Files.Count.ShouldBeGreaterThan(2);
        _rig.Verify().Findings.ShouldBeEmpty();

        File.Delete(_rig.Files[index]);

        _rig.Verify().Findings.ShouldHaveSingleItem().Kind.ShouldBe(FindingKinds.Missing);
    }

    [Fact]
    public async Task A_chain_for_which_no_anchor_vouches_is_named()
    {
        await _rig.WriteChainAsync(calls: 5);
        File.Delete(_rig.AnchorFiles.Single());

        _rig.Verify().Findings.ShouldHaveSingleItem().Kind.ShouldBe(FindingKinds.NotAnchored);
    }

    [Fact]
    public async Task An_anchor_of_another_key_is_named()
    {
        await _rig.WriteChainAsync(calls: 5);
        _rig.Options.Anchors.Key = AnchorKey.NewPem();

        _rig.Verify()
            .Findings.ShouldContain(static finding => finding.Kind == FindingKinds.BadAnchor && finding.Line == 1);
    }

    [Fact]
    public async Task Without_anchors_a_broken_chain_is_still_found()
    {
        _rig.Options.Anchors.Enabled = false;
        await Change(static lines => lines.RemoveAt(3));

        ShouldFind(FindingKinds.Removed, line: 4, seq: 4);
    }

    private async Task Change(Action<List<string>> change)
    {
        await _rig.WriteChainAsync(calls: 5);
        _rig.Verify().Findings.ShouldBeEmpty();
        var file = _rig.Files.Single();
        var lines = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).ToList();
        change(lines);
        await File.WriteAllTextAsync(file, string.Join('\n', lines) + '\n', TestContext.Current.CancellationToken);
    }

    private void ShouldFind(string kind, int line, long seq)
    {
        var finding = _rig.Verify().Findings.ShouldHaveSingleItem();
        (finding.Kind, finding.File, finding.Line, finding.Seq).ShouldBe(
            (kind, Path.GetFileName(_rig.Files.Single()), line, seq)
        );
    }
}
