using System.Collections.Concurrent;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Vault.Grants;

/// <summary>Collects which grants were used and writes it now and then. What a killed process had not written is lost.</summary>
internal sealed class UsageWriter(GrantStore store, TimeProvider time, ILogger<UsageWriter> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<Guid, bool> _used = new();
    private readonly Outage _outage = new();

    public void Add(Guid grant) => _used.TryAdd(grant, true);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    /// <summary>Writes what was collected.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        foreach (var batch in _used.Keys.Chunk(BatchSize))
        {
            // Before the write: a use during it counts for the next one.
            Array.ForEach(batch, grant => _used.TryRemove(grant, out _));
            try
            {
                await store.MarkUsedAsync(batch, cancel);
                if (_outage.Ends())
                {
                    logger.UsageWrittenAgain();
                }
            }
            catch (Exception exception) when (!cancel.IsCancellationRequested)
            {
                if (_outage.Begins())
                {
                    logger.UsageNotWritten(exception.Message);
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await WriteAsync(stoppingToken);
        }
    }
}
