using System.Text.Json;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Tests.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>What callers of the record rely on.</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly AuditRig _rig = new();
    private readonly LogSink _logs = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task An_intent_is_on_the_disk_when_its_call_goes_on_where_that_is_asked_for()
    {
        _rig.Options.Durability = AuditDurability.Disk;
        using var process = _rig.NewProcess();
        await process.StartAsync();

        var call = await process.Log.BeginAsync(_rig.Record("a") with { Kind = RecordKinds.Intent });

        call.ShouldNotBeNull();
        Named("a").ShouldHaveSingleItem().GetProperty("call").GetInt64().ShouldBe(call.Number);
    }

    [Fact]
    public async Task An_intent_is_in_the_file_when_its_call_goes_on_if_nothing_was_written_for_a_while()
    {
        using var process = _rig.NewProcess();
        await process.StartAsync();
        _rig.Time.Advance(WaitingRecords.Trust);

        await process.Log.BeginAsync(_rig.Record("first") with { Kind = RecordKinds.Intent });
        Named("first").ShouldHaveSingleItem();
        await process.Log.BeginAsync(_rig.Record("soon after") with { Kind = RecordKinds.Intent });
        Named("soon after").ShouldBeEmpty();
        _rig.Time.Advance(AuditLog.LongestWait);

        Named("soon after").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_chain_that_cannot_be_written_any_more_lets_nothing_through_once_that_is_known()
    {
        _rig.Options.SegmentBytes = 1;
        using var process = _rig.NewProcess();
        await process.StartAsync();
        (await process.Log.BeginAsync(_rig.Record("kept") with { Kind = RecordKinds.Intent })).ShouldNotBeNull();
        var inTheWay = process.BlockNextSegment();
        _rig.Time.Advance(AuditLog.LongestWait);

        (await process.Log.BeginAsync(_rig.Record("refused") with { Kind = RecordKinds.Intent })).ShouldBeNull();
        Directory.Delete(inTheWay);
        (await process.Log.BeginAsync(_rig.Record("accepted") with { Kind = RecordKinds.Intent })).ShouldNotBeNull();

        _rig.Names.ShouldBe(["kept", "accepted"]);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_of_many_callers_are_whole_and_none_is_missing()
    {
        const int Callers = 8;
        const int Calls = 300;
        using var process = _rig.NewProcess();
        await process.StartAsync();

        await Task.WhenAll(
            Enumerable
                .Range(0, Callers)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        for (var i = 0; i < Calls; i++)
                        {
                            var call = await process.Log.BeginAsync(
                                _rig.Record($"{caller}-{i}") with
                                {
                                    Kind = RecordKinds.Intent,
                                }
                            );
                            process.Log.Add(
                                _rig.Record($"{caller}-{i}") with
                                {
                                    Kind = RecordKinds.Outcome,
                                    Call = call,
                                }
                            );
                        }
                    })
                )
        );
        await process.StopAsync();

        var report = _rig.Verify();
        report.Findings.ShouldBeEmpty();
        report.OpenCalls.ShouldBe(0);
        var names = Enumerable
            .Range(0, Callers)
            .SelectMany(static caller => Enumerable.Range(0, Calls).Select(i => $"{caller}-{i}"))
            .Order(StringComparer.Ordinal)
            .ToList();
        Records()
            .Where(IsKind(RecordKinds.Intent))
            .Select(NameOf)
            .OfType<string>()
            .Order(StringComparer.Ordinal)
            .ShouldBe(names);
        Records()
            .Select(AuditReading.OutcomeOf)
            .OfType<JsonElement>()
            .Select(NameOf)
            .OfType<string>()
            .Order(StringComparer.Ordinal)
            .ShouldBe(names);
    }

    [Fact]
    public async Task A_call_that_ends_before_it_is_written_is_one_record_and_its_outcome_says_what_the_intent_does_not()
    {
        using var process = _rig.NewProcess();
        await process.StartAsync();
        var intent = _rig.Record("short") with { Kind = RecordKinds.Intent, Arguments = "c2d4", Target = "notes" };
        var call = await process.Log.BeginAsync(intent);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(5));
        process.Log.Add(
            _rig.Record("short") with
            {
                Kind = RecordKinds.Outcome,
                Call = call,
                Decision = "refused",
                Reason = "insufficient_scope",
                Rule = "scopes: notes:write",
                Status = 403,
            }
        );
        await process.Log.FlushAsync();

        var record = Named("short").ShouldHaveSingleItem();
        record.GetProperty("kind").GetString().ShouldBe(RecordKinds.Intent);
        record.GetProperty("call").GetInt64().ShouldBe(call!.Number);
        record.GetProperty("decision").GetString().ShouldBe("allowed");
        record
            .GetProperty("outcome")
            .GetRawText()
            .ShouldBe(
                "{\"time\":\"2026-11-26T08:00:00.005Z\",\"decision\":\"refused\",\"reason\":\"insufficient_scope\",\"rule\":\"scopes: notes:write\",\"status\":403}"
            );
        _rig.Verify().Findings.ShouldBeEmpty();
        _rig.Verify().OpenCalls.ShouldBe(0);
    }

    [Theory]
    [InlineData(AuditDurability.Process)]
    [InlineData(AuditDurability.Write)]
    [InlineData(AuditDurability.Disk)]
    public async Task A_call_that_ends_after_it_was_written_is_two_records(string durability)
    {
        _rig.Options.Durability = durability;
        using var process = _rig.NewProcess();
        await process.StartAsync();
        var call = await process.WriteAsync(_rig.Record("long") with { Kind = RecordKinds.Intent });
        process.Log.Add(_rig.Record("long") with { Kind = RecordKinds.Outcome, Call = call });
        await process.Log.FlushAsync();

        Named("long")
            .Select(static record => (record.GetProperty("kind").GetString(), record.GetProperty("call").GetInt64()))
            .ShouldBe([(RecordKinds.Intent, call!.Number), (RecordKinds.Outcome, call.Number)]);
        Named("long").Count(static record => record.TryGetProperty("outcome", out _)).ShouldBe(0);
        _rig.Verify().OpenCalls.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_outcome_does_not_replace_the_first()
    {
        using var process = _rig.NewProcess();
        await process.StartAsync();
        var call = await process.Log.BeginAsync(_rig.Record("begun") with { Kind = RecordKinds.Intent });
        process.Log.Add(_rig.Record("first") with { Kind = RecordKinds.Outcome, Call = call });
        process.Log.Add(_rig.Record("second") with { Kind = RecordKinds.Outcome, Call = call });
        await process.Log.FlushAsync();

        Named("begun").ShouldHaveSingleItem().GetProperty("outcome").GetProperty("name").GetString().ShouldBe("first");
        Named("second").ShouldHaveSingleItem().GetProperty("call").GetInt64().ShouldBe(call!.Number);
    }

    [Fact]
    public async Task A_record_that_nobody_waits_for_is_written_soon()
    {
        using var process = _rig.NewProcess();
        await process.StartAsync();

        process.Log.Add(_rig.Record("later"));
        Named("later").ShouldBeEmpty();
        _rig.Time.Advance(AuditLog.LongestWait);

        Named("later").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task While_nothing_can_be_written_intents_are_refused_and_refusals_are_kept()
    {
        var folder = _rig.Options.FullPath;
        await File.WriteAllTextAsync(folder, "in the way", TestContext.Current.CancellationToken);
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(_logs));
        using var process = _rig.NewProcess(logs);
        await process.StartAsync();

        var refused = await process.Log.BeginAsync(_rig.Record("refused") with { Kind = RecordKinds.Intent });
        process.Log.Add(_rig.Record("refusal"));
        var refusedAgain = await process.Log.BeginAsync(_rig.Record("refused") with { Kind = RecordKinds.Intent });
        File.Delete(folder);
        var accepted = await process.Log.BeginAsync(_rig.Record("accepted") with { Kind = RecordKinds.Intent });

        refused.ShouldBeNull();
        refusedAgain.ShouldBeNull();
        accepted.ShouldNotBeNull();
        Named("refused").ShouldBeEmpty();
        Named("refusal").ShouldHaveSingleItem();
        Named("accepted").ShouldHaveSingleItem();
        _rig.Verify().Findings.ShouldBeEmpty();
        _logs.Text.Split("audit_unwritable").Length.ShouldBe(2, "One line for one time of trouble.");
        _logs.Text.ShouldContain("can be written again");
    }

    [Fact]
    public async Task What_is_kept_meanwhile_is_written_by_itself_when_it_can_be()
    {
        var folder = _rig.Options.FullPath;
        await File.WriteAllTextAsync(folder, "in the way", TestContext.Current.CancellationToken);
        using var process = _rig.NewProcess();
        await process.StartAsync();
        process.Log.Add(_rig.Record("refusal"));
        _rig.Time.Advance(AuditLog.LongestWait);
        File.Delete(folder);

        _rig.Time.Advance(TimeSpan.FromSeconds(2));

        Named("refusal").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_cannot_be_kept_is_counted()
    {
        var folder = _rig.Options.FullPath;
        await File.WriteAllTextAsync(folder, "in the way", TestContext.Current.CancellationToken);
        using var process = _rig.NewProcess();
        await process.StartAsync();

        var text = new string('x', 500);
        for (var i = 0; i < 20_000; i++)
        {
            process.Log.Add(_rig.Record(text));
        }

        File.Delete(folder);
        await process.Log.FlushAsync();

        var lost = Records().Single(IsKind(RecordKinds.Lost)).GetProperty("count").GetString();
        (Named(text).Count + int.Parse(lost!)).ShouldBe(20_000);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Hostile_names_stay_on_their_line_and_have_bounds()
    {
        using var process = _rig.NewProcess();
        await process.StartAsync();

        await process.Log.BeginAsync(
            _rig.Record("a\n{\"chain\":\"x\"}\u2028\ud800 \"quoted\"") with
            {
                Kind = RecordKinds.Intent,
            }
        );
        await process.Log.BeginAsync(_rig.Record(new string('n', 1_000_000)) with { Kind = RecordKinds.Intent });
        await process.StopAsync();

        Records().Count(IsKind(RecordKinds.Intent)).ShouldBe(2);
        new FileInfo(_rig.Files.Single()).Length.ShouldBeLessThan(10_000);
        _rig.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_let_through_after_the_end_of_the_chain()
    {
        using var process = _rig.NewProcess();
        await process.StartAsync();
        await process.StopAsync();

        (await process.Log.BeginAsync(_rig.Record("late") with { Kind = RecordKinds.Intent })).ShouldBeNull();
    }

    private List<JsonElement> Named(string name) => [.. Records().Where(record => NameOf(record) == name)];

    private static string? NameOf(JsonElement record) =>
        record.TryGetProperty("name", out var name) ? name.GetString() : null;

    private static Func<JsonElement, bool> IsKind(string kind) =>
        record => record.GetProperty("kind").GetString() == kind;

    private IReadOnlyList<JsonElement> Records() => _rig.Records;
}
