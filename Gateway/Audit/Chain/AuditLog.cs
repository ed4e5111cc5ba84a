using System.Diagnostics;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit.Chain;

/// <summary>
/// Collects records and writes them in batches. Who finds nobody writing writes for all who came meanwhile, on the thread that it is on: a
/// single caller pays one write and no change of threads, many callers share one. Who comes during a write waits for the next batch.
/// </summary>
internal sealed class AuditLog : IAuditLog, IDisposable
{
    /// <summary>How long a record that nobody waits for may stay in memory.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    // While nothing can be written, refusals are kept up to here, and counted beyond.
    private const int MostWaitingBytes = 8 * 1024 * 1024;

    private readonly ChainWriter _chain;
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditLog> _logger;
    private readonly ITimer _timer;
    private readonly bool _isOff;

    // Guards the batches and the flags, never the file: a slow disk must not stop those who only add a record. Exactly one thread has
    // _isWriting; the chain is that thread's.
    private readonly Lock _gate = new();
    private Batch _waiting = new();
    private Batch? _spare = new();
    private bool _isWriting;
    private bool _isTimerSet;
    private bool _isClosed;
    private long _lost;
    private long _lastCall;
    private volatile bool _isFailing;

    public AuditLog(ChainWriter chain, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditLog> logger)
    {
        _chain = chain;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _isOff = _options.Durability is AuditDurability.Off;
        _timer = time.CreateTimer(
            static log => ((AuditLog)log!).OnTimer(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Raised after each batch, on the thread that wrote it.</summary>
    public event EventHandler? Written;

    /// <summary>Whether the last attempt to write failed.</summary>
    public bool IsFailing => _isFailing;

    public async ValueTask<long?> BeginAsync(AuditRecord intent)
    {
        var call = Interlocked.Increment(ref _lastCall);
        if (_isOff)
        {
            return call;
        }

        using var span = GatewayTelemetry.Start(Spans.AuditAppend);
        if (await AddAwaited(intent, call))
        {
            return call;
        }

        span?.SetStatus(ActivityStatusCode.Error, ErrorCodes.AuditUnwritable);
        return null;
    }

    public void Add(AuditRecord record)
    {
        if (!_isOff)
        {
            Add(RecordBody.Write(record, record.Call));
        }
    }

    /// <summary>Records that the process runs.</summary>
    public void AddAlive() =>
        Add(RecordBody.Write(RecordKinds.Alive, _time.GetUtcNow(), "process", $"{Environment.ProcessId}"));

    /// <summary>Writes everything that waits.</summary>
    /// <returns>False when it could not be written.</returns>
    public Task<bool> FlushAsync()
    {
        Task<bool> written;
        bool writes;
        lock (_gate)
        {
            written = _waiting.Written;
            writes = TryTakeTurn();
        }

        if (writes)
        {
            WriteBatch();
        }

        return written;
    }

    /// <summary>Writes everything that waits, and the record that ends the chain. Nothing can be recorded afterwards.</summary>
    public async Task CloseAsync()
    {
        if (_isOff)
        {
            return;
        }

        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            _waiting.Add(
                RecordBody.Write(RecordKinds.Closed, _time.GetUtcNow(), "lost", _lost),
                isAwaited: false,
                _time.GetTimestamp()
            );
        }

        if (!await FlushAsync())
        {
            _logger.RecordsNotWritten(_options.FullPath);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Add(ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            if (_isClosed || _waiting.Size + body.Length > MostWaitingBytes)
            {
                _lost++;
                return;
            }

            _waiting.Add(body, isAwaited: false, _time.GetTimestamp());
            SetTimer(_isFailing ? RetryWait : LongestWait);
        }
    }

    private Task<bool> AddAwaited(AuditRecord intent, long call)
    {
        var body = RecordBody.Write(intent, call);
        Task<bool> written;
        bool writes;
        lock (_gate)
        {
            if (_isClosed)
            {
                return Task.FromResult(false);
            }

            _waiting.Add(body, isAwaited: true, _time.GetTimestamp());
            written = _waiting.Written;
            writes = TryTakeTurn();
        }

        if (writes)
        {
            WriteFirstBatch();
        }

        return written;
    }

    // Inside of the gate.
    private bool TryTakeTurn()
    {
        if (_isWriting)
        {
            return false;
        }

        _isWriting = true;
        return true;
    }

    // A thread that answers a request may hand over to the system's memory, but does not wait for a disk.
    private void WriteFirstBatch()
    {
        if (_options.Durability is AuditDurability.Disk)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static log => log.WriteBatch(), this, preferLocal: false);
        }
        else
        {
            WriteBatch();
        }
    }

    // Writes one batch, and leaves the next to another thread: no caller works for the others without end.
    private void WriteBatch()
    {
        Batch batch;
        lock (_gate)
        {
            AddLost();
            batch = _waiting;
            _waiting = _spare ?? new Batch();
            _spare = null;
        }

        var isWritten = TryWrite(batch);
        var goesOn = false;
        lock (_gate)
        {
            if (!isWritten)
            {
                TakeBack(batch);
            }

            _isFailing = !isWritten;
            goesOn = _waiting.IsAwaited;
            _isWriting = goesOn;
            if (!goesOn && _waiting.Count > 0)
            {
                SetTimer(isWritten ? LongestWait : RetryWait);
            }
        }

        batch.Complete(isWritten);
        lock (_gate)
        {
            _spare ??= batch;
        }

        if (isWritten)
        {
            Written?.Invoke(this, EventArgs.Empty);
        }

        if (goesOn)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static log => log.WriteBatch(), this, preferLocal: false);
        }
    }

    private bool TryWrite(Batch batch)
    {
        try
        {
            _chain.Write(batch);
            if (batch.Count > 0)
            {
                GatewayMetrics.Audited(_time.GetElapsedTime(batch.Since));
            }

            if (_isFailing)
            {
                _logger.WritableAgain(_options.FullPath);
            }

            return true;
        }
        catch (Exception exception)
        {
            // Whatever it is: those who wait must hear that nothing was written, and the next batch needs its turn.
            _chain.Close();
            if (!_isFailing)
            {
                _logger.AuditUnwritable(_options.FullPath, exception);
            }

            return false;
        }
    }

    // Inside of the gate. What was to be written first comes first again.
    private void TakeBack(Batch failed)
    {
        var later = _waiting;
        _waiting = new Batch();
        failed.KeepOthers(_waiting);
        later.MoveTo(_waiting);
    }

    // Inside of the gate.
    private void AddLost()
    {
        if (_lost > 0 && !_isClosed)
        {
            _waiting.Add(
                RecordBody.Write(RecordKinds.Lost, _time.GetUtcNow(), "count", _lost),
                isAwaited: false,
                _time.GetTimestamp()
            );
            _lost = 0;
        }
    }

    // Inside of the gate.
    private void SetTimer(TimeSpan wait)
    {
        if (!_isTimerSet)
        {
            _isTimerSet = true;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        bool writes;
        lock (_gate)
        {
            _isTimerSet = false;
            writes = _waiting.Count > 0 && TryTakeTurn();
        }

        if (writes)
        {
            WriteBatch();
        }
    }
}
