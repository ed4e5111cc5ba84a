using AspireGateway.Gateway.Audit.Anchors;
using AspireGateway.Gateway.Tests.Hosting;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>When anchors are written, and with which key.</summary>
public sealed class AnchorTests : IDisposable
{
    private readonly AuditRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_chain_has_an_anchor_before_its_first_record_and_after_its_last()
    {
        await _rig.WriteChainAsync(calls: 3);

        Kinds().ShouldBe([AnchorKinds.Opened, AnchorKinds.Closed]);
        Anchors()[0].Seq.ShouldBe(0);
        Anchors()[1].Seq.ShouldBe(8);
    }

    [Fact]
    public async Task Enough_records_or_enough_time_make_an_anchor()
    {
        _rig.Options.Anchors.Records = 10;
        using var process = _rig.NewProcess();
        await process.StartAsync();

        for (var i = 0; i < 10; i++)
        {
            await process.WriteAsync(_rig.Record("a"));
        }

        await Eventually.HoldsAsync(() => Kinds() is [AnchorKinds.Opened, AnchorKinds.Interval]);
        await process.WriteAsync(_rig.Record("b"));
        _rig.Time.Advance(_rig.Options.Anchors.Interval);
        await Eventually.HoldsAsync(() => Kinds() is [AnchorKinds.Opened, AnchorKinds.Interval, AnchorKinds.Interval]);
        _rig.Time.Advance(_rig.Options.Anchors.Interval);
        await process.StopAsync();

        // Nothing new, no anchor.
        Kinds().ShouldBe([AnchorKinds.Opened, AnchorKinds.Interval, AnchorKinds.Interval, AnchorKinds.Closed]);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public void Anchors_that_follow_each_other_are_put_down_to_the_disk_once_a_second_and_rare_ones_at_once()
    {
        var pace = new DiskPace(_rig.Time);

        pace.Take(always: false).ShouldBeTrue("nothing was put down before");
        pace.Take(always: false).ShouldBeFalse();
        pace.Take(always: true).ShouldBeTrue();
        _rig.Time.Advance(DiskPace.Longest / 2);
        pace.Take(always: false).ShouldBeFalse();
        _rig.Time.Advance(DiskPace.Longest / 2);
        pace.Take(always: false).ShouldBeTrue();
        pace.Take(always: false).ShouldBeFalse();
    }

    [Fact]
    public async Task A_new_segment_makes_an_anchor_after_its_size_and_after_its_age()
    {
        _rig.Options.SegmentBytes = 4096;
        using var process = _rig.NewProcess();
        await process.StartAsync();
        while (_rig.Files.Count < 2)
        {
            await process.WriteAsync(_rig.Record("a"));
        }

        await Eventually.HoldsAsync(() => Kinds().Contains(AnchorKinds.Rotated));
        _rig.Time.Advance(_rig.Options.SegmentAge);
        await process.WriteAsync(_rig.Record("b"));
        await process.StopAsync();

        _rig.Files.Count.ShouldBe(3);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Development_makes_its_key_at_the_first_run_and_keeps_it()
    {
        _rig.Options.Anchors.Key = null;

        await _rig.WriteChainAsync(calls: 1);
        await _rig.WriteChainAsync(calls: 1);

        var folder = new AnchorFolder(_rig.Options.FullAnchorsPath);
        using var key = AnchorKeys.ReadFile(folder.KeyFile, needsPrivate: true);
        Anchors().Select(static anchor => anchor.Key).Distinct().ShouldHaveSingleItem().ShouldBe(key.Id);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(folder.KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(_rig.Files[0]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Anchors_that_cannot_be_written_stop_no_call_and_come_when_they_can()
    {
        var folder = _rig.Options.FullAnchorsPath;
        await File.WriteAllTextAsync(folder, "in the way", TestContext.Current.CancellationToken);
        using var process = _rig.NewProcess();
        await process.StartAsync();
        (await process.WriteAsync(_rig.Record("a"))).ShouldNotBeNull();
        File.Delete(folder);

        _rig.Time.Advance(_rig.Options.Anchors.Interval);

        await Eventually.HoldsAsync(() => _rig.AnchorFiles.Count == 1 && Kinds() is [AnchorKinds.Interval]);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    private string[] Kinds() => [.. Anchors().Select(static anchor => anchor.Kind)];

    private List<Anchor> Anchors()
    {
        using var key = AnchorKeys.Read(_rig.Options.Anchors, new AnchorFolder(_rig.Options.FullAnchorsPath))!;
        var keys = new Dictionary<string, AnchorKey>(StringComparer.Ordinal) { [key.Id] = key };
        return
        [
            .. _rig
                .AnchorFiles.SelectMany(ReadLines)
                .Select(line =>
                {
                    AnchorLine.Read(line, keys, out var anchor).ShouldBeNull();
                    return anchor!;
                }),
        ];
    }

    private static IEnumerable<string> ReadLines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
