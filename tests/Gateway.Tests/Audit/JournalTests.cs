using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Audit.Journals;
using AspireGateway.Gateway.Tests.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>What becomes of records that a process had kept, and not yet written, when it was killed.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly AuditRig _rig = new();
    private readonly LogSink _logs = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task What_a_killed_process_had_not_written_yet_is_put_to_the_end_of_its_chain()
    {
        var process = await StartAsync();
        var call = await process.WriteAsync(Intent("written"));
        var kept = await process.Log.BeginAsync(Intent("kept"));
        process.Log.Add(_rig.Record("outcome") with { Kind = RecordKinds.Outcome, Call = call });
        process.Log.Add(_rig.Record("outcome") with { Kind = RecordKinds.Outcome, Call = kept });
        process.Dispose();
        _rig.Names.ShouldBe(["written"]);
        _rig.Verify().Notes.ShouldHaveSingleItem().ShouldContain("was killed");

        using var next = await StartAsync();

        _rig.NamesOf(process.Chain.Id).ShouldBe(["written", "kept", "outcome"]);
        Outcomes(process).ShouldBe(["kept"]);
        _rig.Journals.ShouldHaveSingleItem().ShouldContain(next.Chain.Id);
        var report = _rig.Verify();
        report.Findings.ShouldBeEmpty();
        report.Notes.ShouldBeEmpty();
        report.OpenCalls.ShouldBe(0);
        _logs.Text.ShouldContain("2 records that it had not written yet");
    }

    [Fact]
    public async Task Calls_that_ended_before_they_were_written_survive_with_their_outcomes_in_the_order_of_their_intents()
    {
        var process = await StartAsync();
        var first = await process.Log.BeginAsync(Intent("first"));
        var second = await process.Log.BeginAsync(Intent("second"));
        await process.Log.BeginAsync(Intent("third"));
        process.Log.Add(Outcome(second));
        process.Log.Add(Outcome(first));
        process.Dispose();

        using var next = await StartAsync();

        _rig.NamesOf(process.Chain.Id).ShouldBe(["first", "second", "third"]);
        Outcomes(process).ShouldBe(["first", "second"]);
        _rig.Verify().Findings.ShouldBeEmpty();
        _rig.Verify().OpenCalls.ShouldBe(1);
    }

    [Fact]
    public async Task An_outcome_that_the_journal_has_no_room_for_has_a_record_of_its_own()
    {
        using var process = await StartAsync();
        var call = await process.Log.BeginAsync(Intent("kept"));
        for (var i = 0; i < JournalFormat.HalfBytes / 100; i++)
        {
            process.Log.Add(_rig.Record("x"));
        }

        process.Log.Add(Outcome(call) with { Reason = new string('r', 200) });
        await process.Log.FlushAsync();

        Outcomes(process).ShouldBeEmpty();
        _rig.Names.Count(static name => name is "kept").ShouldBe(1);
        _rig.Names[^1].ShouldBe("ended");
        _rig.Verify().OpenCalls.ShouldBe(0);
    }

    [Fact]
    public async Task A_line_that_was_being_written_is_replaced_by_its_record()
    {
        var process = await StartAsync();
        await process.Log.BeginAsync(Intent("kept"));
        process.Dispose();
        await File.AppendAllTextAsync(_rig.Files.Single(), "{\"chain\":\"", Cancel);

        using var next = await StartAsync();

        _rig.NamesOf(process.Chain.Id).ShouldBe(["kept"]);
        _rig.Verify().Findings.ShouldBeEmpty();
        _rig.Verify().Notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_record_that_is_in_the_segment_already_is_not_put_there_again(int times)
    {
        var process = await StartAsync();
        for (var i = 0; i < times; i++)
        {
            process.Log.Add(_rig.Record("the same"));
        }

        process.Log.Add(Outcome(await process.Log.BeginAsync(Intent("ended before"))));
        await process.Log.BeginAsync(Intent("kept"));
        var before = SharedFile.Read(_rig.Journals.Single());
        await process.Log.FlushAsync();
        process.Dispose();
        await File.WriteAllBytesAsync(_rig.Journals.Single(), before, Cancel);

        using var next = await StartAsync();

        _rig.NamesOf(process.Chain.Id).ShouldBe([.. Enumerable.Repeat("the same", times), "ended before", "kept"]);
        Outcomes(process).ShouldBe(["ended before"]);
        _rig.Journals.ShouldHaveSingleItem().ShouldContain(next.Chain.Id);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_journal_of_a_living_process_is_left_alone()
    {
        using var process = await StartAsync();
        await process.Log.BeginAsync(Intent("kept"));

        using var other = await StartAsync();
        _rig.Names.ShouldBeEmpty();
        _rig.Verify().Notes.ShouldBeEmpty();
        await process.StopAsync();

        _rig.Names.ShouldBe(["kept"]);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_ends_in_order_leaves_no_journal()
    {
        var process = await StartAsync();
        await process.Log.BeginAsync(Intent("kept"));
        _rig.Journals.ShouldHaveSingleItem();

        await process.StopAsync();

        _rig.Journals.ShouldBeEmpty();
        _rig.Names.ShouldBe(["kept"]);
    }

    [Fact]
    public async Task A_journal_that_somebody_gives_to_a_chain_that_has_ended_changes_nothing()
    {
        var process = await StartAsync();
        await process.Log.BeginAsync(Intent("true"));
        var journal = _rig.Journals.Single();
        var forged = SharedFile.Read(_rig.Journals.Single());
        await process.StopAsync();
        var record = await File.ReadAllTextAsync(_rig.Files.Single(), Cancel);
        await File.WriteAllBytesAsync(journal, Replaced(forged, "true", "lies"), Cancel);

        using var next = await StartAsync();

        (await File.ReadAllTextAsync(_rig.Files.First(file => file.Contains(process.Chain.Id)), Cancel)).ShouldBe(
            record
        );
        File.Exists(journal).ShouldBeFalse();
    }

    [Fact]
    public async Task A_chain_that_somebody_changed_gets_nothing_and_its_journal_stays()
    {
        var process = await StartAsync();
        await process.WriteAsync(Intent("written"));
        await process.Log.BeginAsync(Intent("kept"));
        var journal = _rig.Journals.Single();
        process.Dispose();
        var file = _rig.Files.Single();
        var changed = (await File.ReadAllTextAsync(file, Cancel)).Replace("alice", "mallo", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, changed, Cancel);

        using var next = await StartAsync();

        (await File.ReadAllTextAsync(file, Cancel)).ShouldBe(changed);
        File.Exists(journal).ShouldBeTrue();
        _logs.Text.ShouldContain("audit verify");
        (await next.Log.BeginAsync(Intent("next"))).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_kept_before_trouble_and_during_it_survives_both_the_trouble_and_the_process()
    {
        _rig.Options.SegmentBytes = 1;
        var process = await StartAsync();
        process.Log.Add(Outcome(await process.Log.BeginAsync(Intent("ended before"))));
        await process.Log.BeginAsync(Intent("before"));
        var inTheWay = process.BlockNextSegment();
        (await process.Log.FlushAsync()).ShouldBeFalse();
        (await process.Log.BeginAsync(Intent("refused"))).ShouldBeNull();
        process.Dispose();
        Directory.Delete(inTheWay);

        using var next = await StartAsync();

        _rig.NamesOf(process.Chain.Id).ShouldBe(["ended before", "before"]);
        Outcomes(process).ShouldBe(["ended before"]);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_kept_before_trouble_is_written_once_when_it_is_over()
    {
        _rig.Options.SegmentBytes = 1;
        using var process = await StartAsync();
        process.Log.Add(Outcome(await process.Log.BeginAsync(Intent("ended before"))));
        var before = await process.Log.BeginAsync(Intent("before"));
        var inTheWay = process.BlockNextSegment();
        (await process.Log.FlushAsync()).ShouldBeFalse();
        process.Log.Add(Outcome(before));
        Directory.Delete(inTheWay);
        await process.WriteAsync(Intent("after"));
        process.Log.Add(Outcome(await process.Log.BeginAsync(Intent("kept"))));
        process.Dispose();

        using var next = await StartAsync();

        _rig.NamesOf(process.Chain.Id).ShouldBe(["ended before", "before", "ended", "after", "kept"]);
        Outcomes(process).ShouldBe(["ended before", "kept"]);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task More_than_a_journal_holds_is_written_before_it_is_kept()
    {
        const int Calls = 5000;
        var process = await StartAsync();
        for (var i = 0; i < Calls; i++)
        {
            (await process.Log.BeginAsync(Intent($"{i}"))).ShouldNotBeNull();
        }

        process.Dispose();
        using var next = await StartAsync();

        _rig.NamesOf(process.Chain.Id).ShouldBe([.. Enumerable.Range(0, Calls).Select(static i => $"{i}")]);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(AuditDurability.Write)]
    [InlineData(AuditDurability.Disk)]
    public async Task A_record_that_is_waited_for_is_in_the_segment_at_once_and_needs_no_journal(string durability)
    {
        _rig.Options.Durability = durability;
        using var process = await StartAsync();

        await process.Log.BeginAsync(Intent("written"));

        _rig.Names.ShouldBe(["written"]);
        _rig.Journals.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_journal_an_intent_is_written_before_its_call_goes_on()
    {
        using var process = _rig.NewProcess();
        Directory.CreateDirectory(Path.Combine(process.Chain.Folder, process.Chain.Id + ".journal"));
        await process.StartAsync();

        await process.Log.BeginAsync(Intent("written"));

        _rig.Names.ShouldBe(["written"]);
    }

    private AuditRecord Intent(string name) => _rig.Record(name) with { Kind = RecordKinds.Intent };

    private AuditRecord Outcome(AuditCall? call) =>
        _rig.Record("ended") with
        {
            Kind = RecordKinds.Outcome,
            Call = call,
        };

    // Names of the intents of a chain that say themselves how they ended.
    private IReadOnlyList<string?> Outcomes(AuditRig.AuditProcess process) =>
        [
            .. _rig
                .Records.Where(record =>
                    record.GetProperty("chain").ValueEquals(process.Chain.Id) && record.TryGetProperty("outcome", out _)
                )
                .Select(static record => record.GetProperty("name").GetString()),
        ];

    private async Task<AuditRig.AuditProcess> StartAsync()
    {
        var process = _rig.NewProcess(LoggerFactory.Create(builder => builder.AddProvider(_logs)));
        await process.StartAsync();
        return process;
    }

    private static byte[] Replaced(byte[] bytes, string from, string to)
    {
        var copy = bytes.ToArray();
        var at = copy.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(from));
        at.ShouldBeGreaterThan(0);
        System.Text.Encoding.UTF8.GetBytes(to).CopyTo(copy, at);
        return copy;
    }
}
