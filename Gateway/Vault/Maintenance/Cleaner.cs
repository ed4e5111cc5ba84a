using AspireGateway.Gateway.Vault.Changes;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Gateway.Vault.Maintenance;

/// <summary>Deletes expired records and old changes. Every replica does it; that does no harm.</summary>
internal sealed class Cleaner(VaultAccess access, TimeProvider time, ILogger<Cleaner> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Cleans up now.</summary>
    /// <returns>How many rows are gone.</returns>
    public Task<int> CleanAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var expired = now.ToUnixTimeMilliseconds();
        var old = (now - ChangePoller.Retention).ToUnixTimeMilliseconds();
        return access.WriteAsync(
            async context =>
                await context.Records.Where(row => row.ExpiresAt <= expired).ExecuteDeleteAsync(cancel)
                + await context.Changes.Where(row => row.CreatedAt < old).ExecuteDeleteAsync(cancel),
            cancel
        );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CleanAsync(stoppingToken);
                await access.PurgeAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.NotCleaned(exception.Message);
            }
        }
    }
}
