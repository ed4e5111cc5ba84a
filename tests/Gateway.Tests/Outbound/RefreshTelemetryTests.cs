using System.Diagnostics;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Hosting;
using AspireGateway.Gateway.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Outbound;

/// <summary>What a refresh leaves behind as spans, measurements and lines in the log.</summary>
[Collection(nameof(SpanListeners))]
public sealed class RefreshTelemetryTests
{
    private const string Refreshes = "aspire_gateway.vault.refreshes";
    private const string Lookups = "aspire_gateway.vault.lookups";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refresh_is_a_trace_of_its_own_and_each_call_that_waited_links_to_it()
    {
        var (host, _) = await StartExpiredAsync();
        await using var _1 = host;
        using var spans = new RecordedSpans();
        using var measured = new Measurements();
        // Who comes after the end looks for himself, in a trace of its own.
        host.ThirdParty.Behaviour.Override = async (_, request) =>
        {
            if (request.Path == "/token")
            {
                await Eventually.HoldsAsync(() => spans.Begun(Spans.VaultRefreshWait) == 5);
            }

            return false;
        };

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.CallAsync()));

        await HasEndedAsync(spans);
        var refresh = spans.Single(Spans.VaultRefresh);
        refresh.ParentSpanId.ShouldBe(default);
        refresh.GetTagItem(Tags.Target).ShouldBe("notes");
        refresh.GetTagItem(Tags.Outcome).ShouldBe("refreshed");
        refresh.Status.ShouldBe(ActivityStatusCode.Unset);
        var waits = spans.All.Where(static span => span.OperationName == Spans.VaultRefreshWait).ToList();
        waits.Count.ShouldBe(5);
        waits.ShouldAllBe(wait => wait.Links.Any(link => link.Context.SpanId == refresh.SpanId));
        waits.ShouldAllBe(wait => wait.TraceId != refresh.TraceId);
        waits.ShouldAllBe(static wait => (string?)wait.GetTagItem(Tags.Target) == "notes");
        waits.ShouldAllBe(static wait => (string?)wait.GetTagItem(Tags.Outcome) == "refreshed");
        refresh.Links.Select(static link => link.Context.SpanId).ShouldBeSubsetOf(waits.Select(static w => w.SpanId));
        foreach (var name in (string[])[Spans.LeaseWait, Spans.Token, Spans.VaultWrite])
        {
            spans.Single(name).ParentSpanId.ShouldBe(refresh.SpanId);
        }

        spans.Single(Spans.LeaseWait).GetTagItem(Tags.Outcome).ShouldBe("leased");
        measured.OutcomesOf(Refreshes).ShouldBe(["refreshed"]);
        measured.OutcomesOf(Lookups).ShouldAllBe(static outcome => outcome == "expired");
        host.Gateway.Logs.Text.ShouldContain("Refreshed a grant for target notes, generation 2");
    }

    [Fact]
    public async Task A_grant_that_its_provider_has_ended_is_told_from_a_failure()
    {
        var (host, _) = await StartExpiredAsync();
        await using var _1 = host;
        host.ThirdParty.Grants.EndAll();
        using var spans = new RecordedSpans();
        using var measured = new Measurements();

        await host.CallAsync();

        await HasEndedAsync(spans);
        spans.Single(Spans.VaultRefresh).GetTagItem(Tags.Outcome).ShouldBe("ended");
        spans.Single(Spans.VaultRefresh).Status.ShouldBe(ActivityStatusCode.Unset);
        spans.Single(Spans.VaultRefreshWait).GetTagItem(Tags.Outcome).ShouldBe("ended");
        measured.OutcomesOf(Refreshes).ShouldBe(["ended"]);
        host.Gateway.Logs.Text.ShouldContain("A grant for target notes is over");
    }

    [Fact]
    public async Task A_provider_in_trouble_makes_a_failed_refresh_with_its_stable_code()
    {
        var (host, _) = await StartExpiredAsync();
        await using var _1 = host;
        host.ThirdParty.Behaviour.Override = static (context, request) =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.FromResult(request.Path == "/token");
        };
        using var spans = new RecordedSpans();
        using var measured = new Measurements();

        await host.CallAsync();

        await HasEndedAsync(spans);
        var refresh = spans.Single(Spans.VaultRefresh);
        refresh.GetTagItem(Tags.Outcome).ShouldBe("failed");
        refresh.Status.ShouldBe(ActivityStatusCode.Error);
        refresh.GetTagItem(Tags.Reason).ShouldBe(refresh.StatusDescription);
        host.Gateway.Logs.Text.ShouldContain(
            $"A refresh for target notes failed ({refresh.StatusDescription}); the grant is kept, next attempt in"
        );
        measured.OutcomesOf(Refreshes).ShouldBe(["failed"]);
    }

    [Fact]
    public async Task Tokens_that_nobody_waits_for_any_more_are_told_as_superseded()
    {
        var (host, _) = await StartExpiredAsync();
        await using var _1 = host;
        var vault = host.Gateway.Services.GetRequiredService<IGrantVault>();
        host.ThirdParty.Behaviour.Override = async (_, request) =>
        {
            if (request.Path == "/token")
            {
                await vault.RemoveAsync(new UserId("corp", "user-1"), Notes(), CancellationToken.None);
            }

            return false;
        };
        using var spans = new RecordedSpans();
        using var measured = new Measurements();

        await host.CallAsync();

        await HasEndedAsync(spans);
        spans.Single(Spans.VaultRefresh).GetTagItem(Tags.Outcome).ShouldBe("ended");
        measured.OutcomesOf(Refreshes).ShouldBe(["superseded"]);
    }

    [Fact]
    public async Task A_wait_for_another_replica_says_what_came_of_it_and_counts_no_refresh_of_its_own()
    {
        var (host, time) = await StartExpiredAsync();
        await using var _ = host;
        var vault = host.Gateway.Services.GetRequiredService<IGrantVault>();
        var grant = (await vault.ReadAsync(new UserId("corp", "user-1"), Notes(), Cancel)).ShouldNotBeNull();
        var lease = (await vault.TryLeaseAsync(grant, TimeSpan.FromMinutes(1), Cancel)).ShouldNotBeNull();
        using var spans = new RecordedSpans();
        using var measured = new Measurements();

        // The grant is over when the call has seen it, and not before.
        var call = host.CallAsync();
        await Eventually.HoldsAsync(() => measured.OutcomesOf(Lookups) is ["expired"]);
        await vault.EndAsync(lease, Cancel);
        await call.EndsAsync(time, TimeSpan.FromMilliseconds(100));

        await HasEndedAsync(spans);
        spans.Single(Spans.LeaseWait).GetTagItem(Tags.Outcome).ShouldBe("ended");
        spans.Single(Spans.VaultRefresh).GetTagItem(Tags.Outcome).ShouldBe("ended");
        measured.OutcomesOf(Refreshes).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_question_that_nobody_answers_is_counted_as_expired()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await ConsentHost.StartAsync(time);
        await host.AskAsync();
        using var measured = new Measurements();

        await Eventually.HoldsAsync(
            () => Task.FromResult(measured.Of("aspire_gateway.elicitations").Count > 0),
            time,
            TimeSpan.FromMinutes(1)
        );

        measured.OutcomesOf("aspire_gateway.elicitations").ShouldBe(["expired"]);
        measured.Of("aspire_gateway.elicitations")[0].Value.ShouldBe(1);
    }

    // Who waits is answered before the span of the refresh ends.
    private static Task HasEndedAsync(RecordedSpans spans) =>
        Eventually.HoldsAsync(() => spans.All.Any(static span => span.OperationName == Spans.VaultRefresh));

    private static TargetName Notes() =>
        TargetName.TryParse("notes", out var notes) ? notes : throw new InvalidOperationException();

    private static async Task<(ConsentHost Host, FakeTimeProvider Time)> StartExpiredAsync()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var host = await ConsentHost.StartAsync(time, ("Gateway:Outbound:RefreshAhead", "00:00:00"));
        await host.ConnectAsync();
        time.Advance(TimeSpan.FromMinutes(6));
        return (host, time);
    }
}
