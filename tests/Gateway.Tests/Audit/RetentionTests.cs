using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Audit.Verification;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>Old segments go, and what is left still proves itself.</summary>
public sealed class RetentionTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly AuditRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Whole_old_segments_go_and_the_rest_is_sound()
    {
        using var process = _rig.NewProcess();
        await process.StartAsync();
        await WriteDaysAsync(process, days: 5);

        process.Remover.RemoveOlderThan(_rig.Time.GetUtcNow() - (2 * Day));

        _rig.Files.Select(static file => file[^"1.jsonl".Length]).ShouldBe(['3', '4', '5']);
        _rig.Verify().Findings.ShouldBeEmpty();
        await process.StopAsync();
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_segment_that_somebody_else_took_away_is_still_missing()
    {
        using var process = _rig.NewProcess();
        await process.StartAsync();
        await WriteDaysAsync(process, days: 5);
        process.Remover.RemoveOlderThan(_rig.Time.GetUtcNow() - (2 * Day));

        File.Delete(_rig.Files[0]);

        _rig.Verify().Findings.ShouldHaveSingleItem().Kind.ShouldBe(FindingKinds.Missing);
    }

    [Fact]
    public async Task Chains_of_processes_that_are_gone_are_deleted_by_those_that_run()
    {
        await _rig.WriteChainAsync(calls: 3);
        _rig.Time.Advance(10 * Day);
        using var process = _rig.NewProcess();
        await process.StartAsync();
        await process.WriteAsync(_rig.Record("today"));

        process.Remover.RemoveOlderThan(_rig.Time.GetUtcNow() - (2 * Day));

        _rig.Files.ShouldHaveSingleItem().ShouldContain(process.Chain.Id);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Processes_that_share_a_folder_delete_what_is_old_of_each_other_at_once_and_all_that_is_left_is_sound()
    {
        const int Gone = 20;
        for (var i = 0; i < Gone; i++)
        {
            await _rig.WriteChainAsync(calls: 3);
        }

        using var one = _rig.NewProcess();
        using var two = _rig.NewProcess();
        await one.StartAsync();
        await two.StartAsync();
        for (var day = 0; day < 5; day++)
        {
            _rig.Time.Advance(Day);
            await one.Log.BeginAsync(_rig.Record($"one, day {day}") with { Kind = RecordKinds.Intent });
            await two.Log.BeginAsync(_rig.Record($"two, day {day}") with { Kind = RecordKinds.Intent });
        }

        using var start = new Barrier(2);
        await Task.WhenAll(RemoveAsync(one), RemoveAsync(two));

        var left = _rig.Files.Select(Path.GetFileNameWithoutExtension).ToList();
        foreach (var chain in (string[])[one.Chain.Id, two.Chain.Id])
        {
            left.Count(file => file!.StartsWith(chain, StringComparison.Ordinal)).ShouldBe(3);
        }

        left.Count.ShouldBe(6, "nothing is left of the others");
        _rig.Verify().Findings.ShouldBeEmpty();
        await one.StopAsync();
        await two.StopAsync();
        _rig.Verify().Findings.ShouldBeEmpty();

        Task RemoveAsync(AuditRig.AuditProcess process) =>
            Task.Run(() =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                process.Remover.RemoveOlderThan(_rig.Time.GetUtcNow() - (2 * Day));
            });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_segment_that_is_written_stays_whatever_its_age(bool hasJournal)
    {
        _rig.Options.Durability = hasJournal ? AuditDurability.Process : AuditDurability.Write;
        using var process = _rig.NewProcess();
        await process.StartAsync();
        _rig.Time.Advance(10 * Day);

        process.Remover.RemoveOlderThan(_rig.Time.GetUtcNow() - (2 * Day));
        await process.WriteAsync(_rig.Record("today") with { Kind = RecordKinds.Intent });

        _rig.Files.Count.ShouldBe(2);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_was_suspended_for_longer_finds_its_segment_again()
    {
        using var suspended = _rig.NewProcess();
        await suspended.StartAsync();
        await suspended.WriteAsync(_rig.Record("before") with { Kind = RecordKinds.Intent });
        _rig.Time.Advance(10 * Day);
        using var other = _rig.NewProcess();
        await other.StartAsync();
        await other.WriteAsync(_rig.Record("meanwhile") with { Kind = RecordKinds.Intent });

        other.Remover.RemoveOlderThan(_rig.Time.GetUtcNow() - (2 * Day));
        await suspended.WriteAsync(_rig.Record("afterwards") with { Kind = RecordKinds.Intent });

        _rig.NamesOf(suspended.Chain.Id).ShouldBe(["before", "afterwards"]);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_was_killed_keeps_nothing()
    {
        using (var killed = _rig.NewProcess())
        {
            await killed.StartAsync();
            await killed.WriteAsync(_rig.Record("before") with { Kind = RecordKinds.Intent });
        }

        _rig.Journals.ShouldHaveSingleItem();
        _rig.Time.Advance(10 * Day);
        using var other = _rig.NewProcess();
        await other.WriteAsync(_rig.Record("meanwhile") with { Kind = RecordKinds.Intent });

        other.Remover.RemoveOlderThan(_rig.Time.GetUtcNow() - (2 * Day));

        _rig.Names.ShouldBe(["meanwhile"]);
    }

    [Fact]
    public async Task What_was_changed_is_not_deleted_unseen()
    {
        using var process = _rig.NewProcess();
        await process.StartAsync();
        await WriteDaysAsync(process, days: 5);
        await File.WriteAllTextAsync(_rig.Files[0], "nothing\n", TestContext.Current.CancellationToken);

        process.Remover.RemoveOlderThan(_rig.Time.GetUtcNow() - (2 * Day));

        _rig.Files.Count.ShouldBe(5);
        _rig.Verify().Findings.ShouldHaveSingleItem().Kind.ShouldBe(FindingKinds.Changed);
    }

    private async Task WriteDaysAsync(AuditRig.AuditProcess process, int days)
    {
        for (var day = 0; day < days; day++)
        {
            if (day > 0)
            {
                _rig.Time.Advance(Day);
            }

            await process.WriteAsync(_rig.Record($"day {day}") with { Kind = RecordKinds.Intent });
        }
    }
}
