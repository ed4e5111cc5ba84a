using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>
/// Not healthy before every target was asked for its tools once, which it waits for a moment. A target that is down later
/// does not count: the others work.
/// </summary>
internal sealed class CatalogueHealthCheck(CatalogueSynchronizer synchronizer, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await synchronizer.TriedAll.WaitAsync(Patience, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The tools of the targets are still being read.");
        }
    }
}
