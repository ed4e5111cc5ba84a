using System.Diagnostics;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Tests.Vault.Hosting;
using AspireGateway.Gateway.Vault;
using static AspireGateway.Gateway.Tests.Vault.Hosting.SampleGrants;

namespace AspireGateway.Gateway.Tests.Vault;

/// <summary>What the vault says in traces: where it looked, what it found, what it changed.</summary>
[Collection(nameof(SpanListeners))]
public sealed class VaultSpanTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_look_says_whether_memory_was_enough_and_whether_there_was_a_grant()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage);
        using var spans = new RecordedSpans();

        (await replica.Vault.FindAsync(Bob, Target("notes"), Cancel)).ShouldBeNull();
        await replica.Vault.PutAsync(Binding(), Tokens(), account: null, Cancel);
        await Eventually.HoldsAsync(async () =>
        {
            await replica.Vault.FindAsync(Alice, Target("notes"), Cancel);
            return Reads(spans).Contains("hit, in memory: True");
        });
        await replica.Vault.ReadAsync(Alice, Target("notes"), Cancel);

        Reads(spans)[0].ShouldBe("miss, in memory: False");
        Reads(spans)[^1].ShouldBe("hit, in memory: False");
        spans.Single(Spans.VaultWrite).GetTagItem(Tags.Operation).ShouldBe("put");
        spans.All.ShouldAllBe(static span => span.Status == ActivityStatusCode.Unset);
        spans.All.ShouldAllBe(static span => (string?)span.GetTagItem(Tags.Target) == "notes");
    }

    [Fact]
    public async Task A_database_that_does_not_answer_makes_the_span_fail_with_its_stable_code()
    {
        await using var storage = VaultStorage.Sqlite();
        await using var replica = await VaultReplica.StartAsync(storage);
        await replica.ExecuteAsync($"ALTER TABLE grants RENAME TO gone");
        using var spans = new RecordedSpans();

        await Should.ThrowAsync<VaultUnavailableException>(() =>
            replica.Vault.ReadAsync(Alice, Target("notes"), Cancel)
        );

        var read = spans.Single(Spans.VaultRead);
        read.Status.ShouldBe(ActivityStatusCode.Error);
        read.GetTagItem(Tags.Reason).ShouldBe(ErrorCodes.VaultUnavailable);
        read.GetTagItem(Tags.Outcome).ShouldBeNull();
    }

    private static List<string> Reads(RecordedSpans spans) =>
        [
            .. spans
                .All.Where(static span => span.OperationName == Spans.VaultRead)
                .Select(static span => $"{span.GetTagItem(Tags.Outcome)}, in memory: {span.GetTagItem(Tags.CacheHit)}"),
        ];
}
