using AspireGateway.Gateway.Audit.Chain;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit.Retention;

/// <summary>Deletes old segments, of this process and of others that are gone, at the start and once an hour.</summary>
internal sealed class RetentionService(
    SegmentRemover remover,
    AuditLog log,
    IOptions<AuditOptions> options,
    TimeProvider time,
    ILogger<RetentionService> logger
) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value is not { Retention: { } retention, Durability: not AuditDurability.Off })
        {
            return;
        }

        using var timer = new PeriodicTimer(Period, time);
        try
        {
            // The host starts its other services meanwhile.
            await Task.Yield();
            do
            {
                try
                {
                    remover.RemoveOlderThan(time.GetUtcNow() - retention);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    logger.RetentionFailed(options.Value.FullPath, exception);
                }

                // Another process must not take this one for dead, and its last segment for old.
                log.AddAlive();
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }
}
