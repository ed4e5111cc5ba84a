using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>Unhealthy until every target was asked for its tools once. A target that is down later does not count: others work.</summary>
internal sealed class CatalogueHealthCheck(CatalogueSynchronizer synchronizer) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            synchronizer.HasTriedAll
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The tools of the targets are still being read.")
        );
}
