using System.Threading.Channels;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault;

namespace AspireGateway.Gateway.Admin.Definitions;

/// <summary>Reads the definitions at start, when another replica changed them, and now and then in case that was not heard.</summary>
internal sealed class DefinitionLoader(
    DefinitionStore store,
    IChangeFeed feed,
    TimeProvider time,
    ILogger<DefinitionLoader> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = feed.Subscribe(DefinitionStore.Topic, _ => _changes.Writer.TryWrite(true));
        var outage = new Outage();
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Interval;
            try
            {
                await store.LoadAsync(stoppingToken);
                if (outage.Ends())
                {
                    logger.DefinitionsAvailable();
                }
            }
            catch (VaultUnavailableException exception)
            {
                if (outage.Begins())
                {
                    logger.DefinitionsUnavailable(exception.Message);
                }

                pause = Retry;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await WaitAsync(pause, stoppingToken);
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            await _changes.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look anyway, or to end.
        }
    }
}
