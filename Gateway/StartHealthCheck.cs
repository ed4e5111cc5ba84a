using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.Gateway;

/// <summary>
/// Not healthy before something has happened that belongs to the start, for which a probe waits a moment: the first one of a normal
/// start then answers that all is well, instead of warning of what is being done.
/// </summary>
/// <param name="happened">Ends when it has.</param>
/// <param name="meanwhile">What is said where it takes longer.</param>
/// <param name="time">Clock of the wait.</param>
internal abstract class StartHealthCheck(Task happened, string meanwhile, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await happened.WaitAsync(Patience, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Unhealthy(meanwhile);
        }
    }
}
