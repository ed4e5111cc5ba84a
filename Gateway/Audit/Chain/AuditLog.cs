using System.Diagnostics;
using AspireGateway.Gateway.Audit.Journals;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit.Chain;

/// <summary>
/// Collects records and writes them in batches. While the chain is known to be writable, an intent is kept in the <see cref="Journal"/>, and
/// its call goes on at once. Otherwise its caller waits until it is written: who finds nobody writing writes for all who came
/// meanwhile, on the thread that it is on, and who comes during a write waits for the next batch.
/// </summary>
internal sealed class AuditLog : IAuditLog, IDisposable
{
    /// <summary>How long a record that nobody waits for may stay in memory.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    private static readonly Task<bool> Kept = Task.FromResult(true);
    private static readonly Task<bool> NotWritten = Task.FromResult(false);

    private readonly ChainWriter _chain;
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditLog> _logger;
    private readonly ITimer _timer;
    private readonly bool _isOff;

    // Guards the batches and the flags, never the file: a slow disk must not stop those who only add a record. Exactly one thread has
    // _isWriting; the chain is that thread's.
    private readonly Lock _gate = new();
    private readonly WaitingRecords _records;
    private bool _isWriting;
    private bool _isTimerSet;
    private bool _isClosed;
    private long _lastCall;

    public AuditLog(ChainWriter chain, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditLog> logger)
    {
        _chain = chain;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _records = new WaitingRecords(time);
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

    public async ValueTask<AuditCall?> BeginAsync(AuditRecord intent)
    {
        var number = Interlocked.Increment(ref _lastCall);
        if (_isOff)
        {
            return new AuditCall(number, intent, Place: null);
        }

        using var span = GatewayTelemetry.Start(Spans.AuditAppend);
        if (await KeepOrWriteAsync(intent, number, out var place))
        {
            return new AuditCall(number, intent, place);
        }

        span?.SetStatus(ActivityStatusCode.Error, ErrorCodes.AuditUnwritable);
        return null;
    }

    public void Add(AuditRecord record)
    {
        if (!_isOff && (record.Call is not { Place: { } place } call || !TryAddOutcome(record, call.Intent, place)))
        {
            Add(RecordBody.Write(record, record.Call?.Number));
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
            written = _records.NextWritten;
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
            _records.AddEnd();
        }

        if (await FlushAsync())
        {
            lock (_gate)
            {
                _records.Journal?.Remove();
                _records.Journal = null;
            }
        }
        else
        {
            _logger.RecordsNotWritten(_options.FullPath);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _records.Journal?.Dispose();
            _records.Journal = null;
        }
    }

    private void Add(ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            // After the end there is nobody to count.
            if (!_isClosed)
            {
                _records.Add(body);
                SetTimer(_records.IsFailing ? RetryWait : LongestWait);
            }
        }
    }

    private bool TryAddOutcome(AuditRecord outcome, AuditRecord intent, RecordPlace place)
    {
        var written = RecordBody.WriteOutcome(outcome, intent);
        lock (_gate)
        {
            return _records.TryAddOutcome(place, written);
        }
    }

    private Task<bool> KeepOrWriteAsync(AuditRecord intent, long call, out RecordPlace? place)
    {
        place = null;
        var body = RecordBody.Write(intent, call);
        Task<bool> written;
        bool writes;
        lock (_gate)
        {
            if (_isClosed)
            {
                return NotWritten;
            }

            place = _records.TryKeep(body);
            if (place is not null)
            {
                WriteSoon();
                return Kept;
            }

            written = _records.AddAwaited(body);
            writes = TryTakeTurn();
        }

        if (writes)
        {
            WriteFirstBatch();
        }

        return written;
    }

    // Inside of the gate.
    private void WriteSoon()
    {
        if (_records.Journal is { IsFilling: true } && TryTakeTurn())
        {
            WriteElsewhere();
        }
        else
        {
            SetTimer(LongestWait);
        }
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
            WriteElsewhere();
        }
        else
        {
            WriteBatch();
        }
    }

    private void WriteElsewhere() =>
        ThreadPool.UnsafeQueueUserWorkItem(static log => log.WriteBatch(), this, preferLocal: false);

    // Writes one batch, and leaves the next to another thread: no caller works for the others without end.
    private void WriteBatch()
    {
        Batch batch;
        lock (_gate)
        {
            batch = _records.Take();
        }

        var isWritten = TryWrite(batch);
        var journal = isWritten ? TryOpenJournal() : null;
        var goesOn = false;
        lock (_gate)
        {
            if (isWritten)
            {
                _records.MarkWritten();
                _records.Journal ??= journal;
            }
            else
            {
                _records.TakeBack(batch);
            }

            goesOn = _records.IsAwaited;
            _isWriting = goesOn;
            if (!goesOn && _records.Any)
            {
                SetTimer(isWritten ? LongestWait : RetryWait);
            }
        }

        batch.Complete(isWritten);
        lock (_gate)
        {
            _records.GiveBack(batch);
        }

        if (isWritten)
        {
            Written?.Invoke(this, EventArgs.Empty);
        }

        if (goesOn)
        {
            WriteElsewhere();
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

            if (_records.IsFailing)
            {
                _logger.WritableAgain(_options.FullPath);
            }

            return true;
        }
        catch (Exception exception)
        {
            // Whatever it is: those who wait must hear that nothing was written, and the next batch needs its turn.
            _chain.Close();
            if (!_records.IsFailing)
            {
                _logger.AuditUnwritable(_options.FullPath, exception);
            }

            return false;
        }
    }

    // The folder may be new, or there again. The thread that writes is the only one which changes what is read here.
    private Journal? TryOpenJournal() =>
        _options.Durability is AuditDurability.Process
        && _records.Journal is null
        && (_records.IsFailing || !_records.IsProven)
            ? Journal.TryOpen(_chain.Folder, _chain.Id, _logger)
            : null;

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
            writes = _records.Any && TryTakeTurn();
        }

        if (writes)
        {
            WriteBatch();
        }
    }
}
