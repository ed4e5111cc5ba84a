using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Vault.Storage;

namespace AspireGateway.Gateway.Vault.Changes;

/// <summary>Asks the database for changes with numbers above the last one that it saw, a few times a second.</summary>
internal sealed class ChangePoller(
    VaultAccess access,
    VaultDatabase database,
    ChangeFeed feed,
    TimeProvider time,
    ILogger<ChangePoller> logger
) : BackgroundService
{
    /// <summary>How long changes are kept for replicas that were cut off.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(1);

    private const int BatchSize = 500;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(300);

    private readonly SemaphoreSlim _polling = new(1, 1);
    private long? _last;
    private DateTimeOffset _lastHeard;
    private readonly Outage _outage = new();

    /// <summary>Asks now. Does nothing but wait when somebody asks already.</summary>
    public async Task PollAsync(CancellationToken cancel)
    {
        await _polling.WaitAsync(cancel);
        try
        {
            // Taken before the question: whatever was committed until then is in the answer.
            var asked = time.GetTimestamp();
            var askedAt = time.GetUtcNow();
            if (_last is null || askedAt - _lastHeard > Retention / 2)
            {
                await StartAfreshAsync(cancel);
            }
            else
            {
                await HearAsync(_last.Value, cancel);
            }

            _lastHeard = askedAt;
            feed.HeardUntil(asked);
        }
        finally
        {
            _polling.Release();
        }
    }

    public override void Dispose()
    {
        _polling.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await TryPollAsync(stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryPollAsync(CancellationToken cancel)
    {
        try
        {
            await PollAsync(cancel);
            if (_outage.Ends())
            {
                logger.VaultAnswersAgain(database.Location);
            }
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            database.ForgetConnections();

            // While the vault is not open yet, its opener says why.
            if (access.IsOpen && _outage.Begins())
            {
                logger.VaultDoesNotAnswer(exception.Message, exception);
            }
        }
    }

    // At the start, and after a silence so long that changes may have been cleaned up: nothing from before is trusted.
    private async Task StartAfreshAsync(CancellationToken cancel)
    {
        var last = await access.QueryAsync(
            "SELECT COALESCE(MAX(id), 0) FROM changes",
            static reader => reader.GetInt64(0),
            cancel
        );
        feed.NotifyAll();
        _last = last[0];
    }

    private async Task HearAsync(long last, CancellationToken cancel)
    {
        IReadOnlyList<(long Id, string Topic, string Subject)> changes;
        do
        {
            changes = await access.QueryAsync(
                $"SELECT id, topic, subject FROM changes WHERE id > @last ORDER BY id LIMIT {BatchSize}",
                static reader => (reader.GetInt64(0), reader.GetString(1), reader.GetString(2)),
                cancel,
                ("last", last)
            );
            foreach (var (id, topic, subject) in changes)
            {
                feed.Notify(topic, subject);
                last = id;
            }

            _last = last;
        } while (changes.Count == BatchSize);
    }
}
