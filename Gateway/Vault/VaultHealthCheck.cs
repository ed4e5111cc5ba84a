using AspireGateway.Gateway.Vault.Changes;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.Gateway.Vault;

/// <summary>Healthy when the database answered within the last second, or answers now.</summary>
internal sealed class VaultHealthCheck(VaultAccess access, ChangeFeed feed, ChangePoller poller, TimeProvider time)
    : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        if (access.IsOpen && feed.IsCurrent)
        {
            return HealthCheckResult.Healthy();
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await poller.PollAsync(limit.Token);
            return HealthCheckResult.Healthy();
        }
        catch (VaultUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(
                access.IsOpen ? "The vault's database does not answer in time." : access.Failure
            );
        }
    }
}
