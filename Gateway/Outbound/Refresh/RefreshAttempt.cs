using AspireGateway.Gateway.Outbound.AuthorizationCode;
using AspireGateway.Gateway.Targets;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Outbound.Refresh;

/// <summary>One refresh under a lease: the request, and then what becomes of the grant.</summary>
internal sealed class RefreshAttempt(
    IGrantVault vault,
    ThirdParties parties,
    TokenEndpoint endpoint,
    TimeProvider time,
    ILogger<RefreshAttempt> logger
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    // A provider that asks for more would make people wait for an answer that it may give long before.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan SavePause = TimeSpan.FromMilliseconds(100);

    public async Task<RefreshResult> RunAsync(Target target, RefreshLease lease)
    {
        var party = await parties.ForAsync(target, CancellationToken.None);
        if (party.Value is not { } request)
        {
            return await PostponeAsync(target, lease, party.Problem!.Reason, retryAfter: null);
        }

        if (!BelongsTo(lease.Grant, request))
        {
            // Its issuer or client is not the configured one any more; the refresh token must not be shown to another. The lease goes
            // back at once: whoever waits for it would wait for nothing.
            await vault.PostponeRefreshAsync(lease, time.GetUtcNow(), CancellationToken.None);
            return RefreshResult.Ended.Instance;
        }

        var result = await endpoint.RefreshAsync(request, lease.Grant.Tokens!, CancellationToken.None);
        return result switch
        {
            TokenResult.Success { Tokens: var tokens } => await SaveAsync(request, lease, tokens),
            TokenResult.Failure { IsLasting: true } => await EndAsync(target, lease),
            TokenResult.Failure failure => await PostponeAsync(target, lease, failure.Reason, failure.RetryAfter),
            _ => throw new InvalidOperationException("A token result is a success or a failure."),
        };
    }

    private static bool BelongsTo(Grant grant, TokenRequest request) =>
        string.Equals(grant.Binding.AuthorizationServer, request.Server.Issuer, StringComparison.Ordinal)
        && string.Equals(grant.Binding.ClientId, request.Client.ClientId, StringComparison.Ordinal);

    // The old refresh token may be dead already: the new one is saved as long as the lease gives the right to.
    private async Task<RefreshResult> SaveAsync(TokenRequest request, RefreshLease lease, GrantTokens tokens)
    {
        while (true)
        {
            try
            {
                var saved = await vault.CompleteRefreshAsync(lease, tokens, CancellationToken.None);
                if (saved is null)
                {
                    return await WhatIsThereInsteadAsync(request, lease, tokens);
                }

                GatewayMetrics.Refreshed("refreshed");
                logger.Refreshed(request.Target.Name, saved.Generation);
                return new RefreshResult.Refreshed(saved);
            }
            catch (VaultUnavailableException) when (time.GetUtcNow() + SavePause < lease.ExpiresAt)
            {
                await Task.Delay(SavePause, time);
            }
        }
    }

    // The person disconnected, or consented anew, while the answer was on its way: what it brought would live on unknown to anybody.
    private async Task<RefreshResult> WhatIsThereInsteadAsync(
        TokenRequest request,
        RefreshLease lease,
        GrantTokens unsaved
    )
    {
        GatewayMetrics.Refreshed("superseded");
        var there = await WhatIsThereAsync(lease);
        if (there is not RefreshResult.Refreshed { Grant.Id: var id } || id != lease.Grant.Id)
        {
            await endpoint.RevokeAsync(request, unsaved.AccessToken, "access_token", CancellationToken.None);
            if (unsaved.RefreshToken is { } refreshToken)
            {
                await endpoint.RevokeAsync(request, refreshToken, "refresh_token", CancellationToken.None);
            }
        }

        return there;
    }

    private async Task<RefreshResult> WhatIsThereAsync(RefreshLease lease)
    {
        var current = await vault.ReadAsync(
            lease.Grant.Binding.User,
            lease.Grant.Binding.Target,
            CancellationToken.None
        );
        return current?.Tokens is null ? RefreshResult.Ended.Instance : new RefreshResult.Refreshed(current);
    }

    private async Task<RefreshResult> EndAsync(Target target, RefreshLease lease)
    {
        GatewayMetrics.Refreshed("ended");
        logger.GrantEnded(target.Name);
        return await vault.EndAsync(lease, CancellationToken.None)
            ? RefreshResult.Ended.Instance
            : await WhatIsThereAsync(lease);
    }

    private async Task<RefreshResult> PostponeAsync(
        Target target,
        RefreshLease lease,
        string reason,
        TimeSpan? retryAfter
    )
    {
        var doubled = FirstPause * Math.Pow(2, Math.Min(lease.Grant.RefreshFailures, 10));
        var pause = retryAfter is { } asked ? Shorter(asked, LongestRetryAfter) : Shorter(doubled, LongestPause);
        GatewayMetrics.Refreshed("failed");
        logger.RefreshFailed(target.Name, reason, pause);
        await vault.PostponeRefreshAsync(lease, time.GetUtcNow() + pause, CancellationToken.None);
        return new RefreshResult.Failed(reason, pause);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
