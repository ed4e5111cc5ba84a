using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault.Changes;
using AspireGateway.Gateway.Vault.Storage;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Gateway.Vault.Maintenance;

/// <summary>Deletes expired records and old changes. Every replica does it; that does no harm.</summary>
internal sealed class Cleaner(
    VaultAccess access,
    IEnumerable<IRecordExpiry> expiries,
    TimeProvider time,
    ILogger<Cleaner> logger
) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Outage _outage = new();

    /// <summary>Cleans up now.</summary>
    /// <returns>How many rows are gone.</returns>
    public async Task<int> CleanAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var expired = now.ToUnixTimeMilliseconds();
        var old = (now - ChangePoller.Retention).ToUnixTimeMilliseconds();
        var told = 0;
        foreach (var expiry in expiries)
        {
            told += await TellAsync(expiry, expired, cancel);
        }

        return told
            + await access.WriteAsync(
                async context =>
                    await context.Records.Where(row => row.ExpiresAt <= expired).ExecuteDeleteAsync(cancel)
                    + await context.Changes.Where(row => row.CreatedAt < old).ExecuteDeleteAsync(cancel),
                cancel
            );
    }

    // Whoever deletes a row tells of it, so that several replicas tell of each once.
    private async Task<int> TellAsync(IRecordExpiry expiry, long expired, CancellationToken cancel)
    {
        var kind = expiry.Kind;
        var gone = await access.WriteAsync(
            context =>
                context.Records.Where(row => row.Kind == kind && row.ExpiresAt <= expired).ExecuteDeleteAsync(cancel),
            cancel
        );
        if (gone > 0)
        {
            expiry.Expired(gone);
        }

        return gone;
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
                if (_outage.Ends())
                {
                    logger.CleanedAgain();
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (_outage.Begins())
                {
                    logger.NotCleaned(exception.Message);
                }
            }
        }
    }
}
