using System.Text.Json;
using AspireGateway.Gateway.Audit.Anchors;
using AspireGateway.Gateway.Audit.Commands;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>The commands of <c>docs/audit.md</c>.</summary>
public sealed class AuditCommandTests : IDisposable
{
    private readonly AuditRig _rig = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Verify_says_that_a_record_is_sound()
    {
        await _rig.WriteChainAsync(calls: 3);

        (await RunAsync("verify", "--path", _rig.Options.FullPath, "--public-key", PublicKey())).ShouldBe(0);

        _output
            .ToString()
            .ShouldContain("✔ sound: 1 chain(s), 1 segment(s), 8 record(s), 2 anchor(s), 0 call(s) without outcome");
        _error.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_names_the_first_bad_record()
    {
        await _rig.WriteChainAsync(calls: 3);
        var file = _rig.Files.Single();
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            file,
            text.Replace("call 1", "call 7", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        (await RunAsync("verify", "--path", _rig.Options.FullPath, "--public-key", PublicKey())).ShouldBe(1);

        _error
            .ToString()
            .ShouldBe($"✘ {Path.GetFileName(file)} line 4 record 4: changed: its bytes do not fit its own hash\n");
        _output.ToString().ShouldContain("✘ not sound");
    }

    [Fact]
    public async Task Verify_finds_anchors_elsewhere_and_the_key_of_development()
    {
        _rig.Options.Anchors.Key = null;
        _rig.Options.Anchors.Path = _rig.Options.FullPath + "-elsewhere";
        await _rig.WriteChainAsync(calls: 3);

        (await RunAsync("verify", "--path", _rig.Options.FullPath, "--anchors", _rig.Options.Anchors.Path)).ShouldBe(0);
        (await RunAsync("verify", "--path", _rig.Options.FullPath)).ShouldBe(1);

        _error.ToString().ShouldContain("no anchor vouches for this chain");
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("export")]
    public async Task A_folder_that_is_not_there_is_no_sound_record(string command)
    {
        (await RunAsync(command, "--path", Path.Combine(_rig.Options.FullPath, "nowhere"))).ShouldBe(1);

        _error.ToString().ShouldContain("nowhere");
    }

    [Fact]
    public async Task Export_writes_the_records_of_a_time_and_a_person_in_order()
    {
        await _rig.WriteChainAsync(calls: 2);
        _rig.Time.Advance(TimeSpan.FromHours(1));
        await _rig.WriteChainAsync(calls: 3);

        (await ExportAsync()).Length.ShouldBe(6 + 8);
        (await ExportAsync("--from", "2026-11-26T08:30:00Z")).Length.ShouldBe(8);
        (await ExportAsync("--to", "2026-11-26T08:30:00Z")).Length.ShouldBe(6);
        (await ExportAsync("--user", "corp:alice")).Length.ShouldBe(4 + 6);
        (await ExportAsync("--user", "corp:bob")).ShouldBeEmpty();
        (await ExportAsync())
            .Select(static line => JsonElement.Parse(line).GetProperty("time").GetDateTimeOffset())
            .ShouldBeInOrder();
    }

    [Fact]
    public async Task Export_says_which_lines_it_left_out_because_they_are_no_records()
    {
        await _rig.WriteChainAsync(calls: 2);
        (await ExportAsync()).Length.ShouldBe(6);
        _error.ToString().ShouldBeEmpty();
        var file = _rig.Files.Single();
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        lines[2] = lines[2][..^1];

        await File.WriteAllLinesAsync(file, lines, TestContext.Current.CancellationToken);

        (await RunAsync("export", "--path", _rig.Options.FullPath)).ShouldBe(1);
        _error
            .ToString()
            .ShouldBe($"✘ {Path.GetFileName(file)} line 3: left out, it is no record; 'audit verify' says more\n");
        _output.ToString().ShouldContain(lines[3]);
    }

    [Fact]
    public async Task Export_tells_that_nothing_matches_and_refuses_times_in_which_nothing_can()
    {
        await _rig.WriteChainAsync(calls: 2);

        (await ExportAsync("--user", "alice")).ShouldBeEmpty();
        _error.ToString().ShouldContain("--user is the issuer's name with the subject");

        (
            await RunAsync("export", "--path", _rig.Options.FullPath, "--from", "2026-12-01", "--to", "2026-11-01")
        ).ShouldBe(1);
        _error.ToString().ShouldContain("--from must be before --to.");
    }

    private async Task<string[]> ExportAsync(params string[] options)
    {
        _output.GetStringBuilder().Clear();
        (await RunAsync(["export", "--path", _rig.Options.FullPath, .. options])).ShouldBe(0);
        return _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        AuditCommand.RunAsync(["audit", .. arguments], _output, _error);

    private string PublicKey()
    {
        using var key = AnchorKey.TryParse(_rig.Options.Anchors.Key!, needsPrivate: true)!;
        var file = _rig.Options.FullPath + ".pub";
        File.WriteAllText(file, key.PublicPem);
        return file;
    }
}
