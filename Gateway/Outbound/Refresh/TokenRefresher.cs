using System.Collections.Concurrent;
using System.Diagnostics;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Outbound.Refresh;

/// <summary>
/// Refreshes each expired grant exactly once, however many callers and replicas want it: one task per grant in this process, one
/// lease per grant in the database. The first caller starts the work, but does not own it; who leaves does not end it.
/// </summary>
internal sealed class TokenRefresher(
    IGrantVault vault,
    RefreshAttempt attempt,
    IOptions<OutboundOptions> options,
    TimeProvider time
)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Guid, RefreshRun> _running = new();

    // The lease must outlast the request, or two replicas would show the same refresh token; providers end the grant for that.
    private TimeSpan LeaseDuration => (options.Value.TokenEndpointTimeout * 2) + TimeSpan.FromSeconds(10);

    /// <summary>Refreshes <paramref name="grant"/>, or waits for whoever does.</summary>
    public async Task<RefreshResult> RefreshAsync(Target target, Grant grant, CancellationToken cancel)
    {
        using var span = GatewayTelemetry.Start(Spans.VaultRefreshWait);
        span?.SetTag(Tags.Target, target.Name.Value);
        var run = Start(target, grant);
        try
        {
            var result = await run.Result.WaitAsync(cancel);
            span?.SetTag(Tags.Outcome, result.Outcome);
            return result;
        }
        finally
        {
            run.LinkFrom(span);
        }
    }

    /// <summary>Starts the same without waiting.</summary>
    public void RefreshBehind(Target target, Grant grant)
    {
        if (!_running.ContainsKey(grant.Id))
        {
            _ = Start(target, grant);
        }
    }

    private RefreshRun Start(Target target, Grant grant)
    {
        var mine = new RefreshRun();
        var running = _running.GetOrAdd(grant.Id, mine);
        if (ReferenceEquals(running, mine))
        {
            Detach(target, grant, mine);
        }

        return running;
    }

    // A trace of its own, linked to the call that started it: it serves many.
    private void Detach(Target target, Grant grant, RefreshRun run)
    {
        var cause = Activity.Current?.Context;
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(async () =>
            {
                try
                {
                    using var span = GatewayTelemetry.StartLinked(Spans.VaultRefresh, cause);
                    span?.SetTag(Tags.Target, target.Name.Value);
                    run.Begin(span);
                    var result = await RunAsync(target, grant);
                    span?.SetTag(Tags.Outcome, result.Outcome);
                    if (result is RefreshResult.Failed failed)
                    {
                        span?.Fail(failed.Reason);
                    }

                    // First out of the way: who calls again because of this result must not be given it once more.
                    _running.TryRemove(grant.Id, out _);
                    run.End(result);
                }
                catch (Exception exception)
                {
                    _running.TryRemove(grant.Id, out _);
                    run.Fail(exception);
                }
            });
        }
    }

    private async Task<RefreshResult> RunAsync(Target target, Grant grant)
    {
        try
        {
            var (lease, known) = await WaitForLeaseAsync(grant);
            return lease is null ? known! : await attempt.RunAsync(target, lease);
        }
        catch (VaultUnavailableException)
        {
            return new RefreshResult.Failed(ErrorCodes.VaultUnavailable, TimeSpan.FromSeconds(5));
        }
    }

    /// <summary>The right to refresh, or what has become of the grant in another's hands.</summary>
    private async Task<(RefreshLease? Lease, RefreshResult? Known)> WaitForLeaseAsync(Grant grant)
    {
        using var span = GatewayTelemetry.Start(Spans.LeaseWait);
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < LeaseDuration)
        {
            if (await vault.TryLeaseAsync(grant, LeaseDuration, CancellationToken.None) is { } lease)
            {
                span?.SetTag(Tags.Outcome, "leased");
                return (lease, null);
            }

            if (await LookAsync(grant) is { } result)
            {
                span?.SetTag(Tags.Outcome, result.Outcome);
                return (null, result);
            }

            await Task.Delay(Poll, time);
        }

        return (null, new RefreshResult.Failed(ErrorCodes.RefreshTimeout, TimeSpan.FromSeconds(5)));
    }

    /// <summary>What another replica made of it; null while that is not known.</summary>
    private async Task<RefreshResult?> LookAsync(Grant grant)
    {
        var current = await vault.ReadAsync(grant.Binding.User, grant.Binding.Target, CancellationToken.None);
        if (current?.Tokens is null)
        {
            return RefreshResult.Ended.Instance;
        }

        if (current.Id != grant.Id || current.Generation > grant.Generation)
        {
            return new RefreshResult.Refreshed(current);
        }

        var now = time.GetUtcNow();
        return current.RefreshNotBefore is { } notBefore && notBefore > now
            ? new RefreshResult.Failed(ErrorCodes.RefreshPostponed, notBefore - now)
            : null;
    }
}
