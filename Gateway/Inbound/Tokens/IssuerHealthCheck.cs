using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.Gateway.Inbound.Tokens;

/// <summary>Unhealthy while the keys of an issuer were never read: its users could not be told from anybody else.</summary>
internal sealed class IssuerHealthCheck(IssuerRegistry issuers) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        await Task.WhenAll(issuers.All.Select(issuer => issuer.EnsureReadAsync(cancellationToken)));
        var missing = issuers
            .All.Where(static issuer => issuer.Current is null)
            .Select(static issuer => issuer.Options.Name)
            .ToList();
        return missing.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(
                $"The metadata of issuer(s) {string.Join(", ", missing)} could not be read yet; see the log."
            );
    }
}
