using System.Collections.Concurrent;
using AspireGateway.Gateway.Targets.Upstream;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Targets.Catalogue;

/// <summary>
/// Reads the lists of every target at start, when it was defined, and from time to time. Targets do not wait for each other. Those that need
/// a person are not asked here.
/// </summary>
internal sealed class CatalogueSynchronizer(
    TargetRegistry targets,
    UpstreamConnections connections,
    TargetCatalogue catalogue,
    CatalogueReader reader,
    TargetStates states,
    CatalogueChanges changes,
    IOptions<CatalogueOptions> options,
    TimeProvider time,
    ILogger<CatalogueSynchronizer> logger
) : BackgroundService
{
    // However often a target says that its lists have changed.
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Target, Loop> _loops = new();
    private readonly Lock _reconciling = new();
    private readonly TaskCompletionSource _triedAll = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HashSet<Target> _known = [];
    private int _untried;

    /// <summary>Ends when every target that was there at the start was asked once; before that an empty list would look like no tools.</summary>
    public Task TriedAll => _triedAll.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void OnChanged(object? sender, EventArgs change) => Reconcile(isStart: false, stoppingToken);
        targets.Changed += OnChanged;
        try
        {
            Reconcile(isStart: true, stoppingToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            targets.Changed -= OnChanged;
            await Task.WhenAll(_loops.Values.Select(static loop => loop.Running));
        }
    }

    /// <summary>Reads what one target lists now.</summary>
    /// <returns>False when the target did not answer; what was known of it stays.</returns>
    public async Task<bool> SynchronizeAsync(Target target, CancellationToken cancel)
    {
        using var span = GatewayTelemetry.Start(Spans.CatalogueSync);
        span?.SetTag(Tags.Target, target.Name.Value);
        try
        {
            await using var connection = connections.Open(target);
            var read = await reader.ReadAsync(connection, cancel);
            catalogue.Set(target, new CatalogueSnapshot(read, time.GetUtcNow()));
            var isNews = states.Change(target, TargetStatus.Ready);
            logger.Synchronized(
                isNews ? LogLevel.Information : LogLevel.Debug,
                target.Name,
                read.Tools.Count,
                read.Prompts.Count,
                read.Resources.Count,
                read.ResourceTemplates.Count
            );
            return true;
        }
        catch (Exception exception) when (CatalogueReader.IsTargetFailure(exception, cancel))
        {
            span?.Fail(ErrorCodes.TargetUnavailable);
            var problem = CatalogueReader.Describe(exception);
            var isNews = states.Change(target, new TargetStatus(TargetState.Failed, problem));
            logger.SynchronizationFailed(isNews ? LogLevel.Warning : LogLevel.Debug, target.Name, target.Url, problem);
            return false;
        }
    }

    /// <summary>Reads what a target lists soon, because another replica has done so on demand.</summary>
    public void Wake(Target target)
    {
        if (_loops.TryGetValue(target, out var loop))
        {
            loop.Wake();
        }
    }

    private void Reconcile(bool isStart, CancellationToken stopping)
    {
        lock (_reconciling)
        {
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            catalogue.Prune();
            var current = targets.All.ToHashSet();
            if (isStart && (_untried = current.Count(static target => !target.NeedsPerson)) == 0)
            {
                _triedAll.TrySetResult();
            }

            TellOfPersonal(current, isStart);
            foreach (var (gone, loop) in _loops.Where(loop => !current.Contains(loop.Key)))
            {
                _loops.TryRemove(gone, out _);
                loop.Stop();
            }

            foreach (var target in current)
            {
                if (target.KnownTools.Count > 0)
                {
                    catalogue.Set(
                        target,
                        new CatalogueSnapshot(CatalogueContents.OfTools(target.KnownTools), time.GetUtcNow())
                    );
                }

                if (!target.NeedsPerson && !_loops.ContainsKey(target))
                {
                    var loop = new Loop(stopping);
                    _loops[target] = loop;
                    loop.Running = KeepInSyncAsync(target, loop, isStart);
                }
            }
        }
    }

    // Nothing is read of these here, but a list may now have a stand-in more or less.
    private void TellOfPersonal(HashSet<Target> current, bool isStart)
    {
        var names = _known
            .Except(current)
            .Concat(current.Except(_known))
            .Where(static target => target.NeedsPerson)
            .Select(static target => target.Name)
            .ToHashSet();
        _known = current;
        foreach (var name in isStart ? [] : names)
        {
            changes.Raise(new CatalogueChange(name, User: null, ListKind.All, time.GetUtcNow()));
        }
    }

    private async Task KeepInSyncAsync(Target target, Loop loop, bool isCounted)
    {
        // Not on the thread that defined it.
        await Task.Yield();
        using (loop)
        {
            var retry = FirstRetry;
            while (!loop.Cancel.IsCancellationRequested)
            {
                var synchronized = await TrySynchronizeAsync(target, loop.Cancel);
                if (isCounted && Interlocked.Decrement(ref _untried) == 0)
                {
                    _triedAll.TrySetResult();
                }

                isCounted = false;
                var interval = options.Value.Interval;
                var pause = synchronized ? interval : retry;
                retry = synchronized ? FirstRetry : TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, interval.Ticks));
                await loop.PauseAsync(LeastPause, pause, time);
            }
        }
    }

    private async Task<bool> TrySynchronizeAsync(Target target, CancellationToken cancel)
    {
        try
        {
            return await SynchronizeAsync(target, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>What keeps one target in sync: ended with the target or the gateway, and woken when there is news.</summary>
    private sealed class Loop : IDisposable
    {
        private readonly CancellationTokenSource _stop;
        private TaskCompletionSource _wake = NewWake();

        public Loop(CancellationToken stopping)
        {
            _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            Cancel = _stop.Token;
        }

        public CancellationToken Cancel { get; }

        public Task Running { get; set; } = Task.CompletedTask;

        public void Stop()
        {
            try
            {
                _stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended with the gateway.
            }
        }

        public void Wake() => Volatile.Read(ref _wake).TrySetResult();

        public async Task PauseAsync(TimeSpan least, TimeSpan most, TimeProvider time)
        {
            var ended = time.GetTimestamp();
            try
            {
                await Volatile.Read(ref _wake).Task.WaitAsync(most, time, Cancel);
                if (least - time.GetElapsedTime(ended) is { Ticks: > 0 } rest)
                {
                    await Task.Delay(rest, time, Cancel);
                }
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                // Either is a reason to look again.
            }

            Volatile.Write(ref _wake, NewWake());
        }

        public void Dispose() => _stop.Dispose();

        private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
