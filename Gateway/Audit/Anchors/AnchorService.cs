using System.Threading.Channels;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Audit.Journals;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit.Anchors;

/// <summary>
/// Opens this process's chain and ends it, and writes an anchor at the start, after so many records or so much time, with each new segment,
/// and at the end. Beside the calls: none waits for a signature.
/// </summary>
internal sealed class AnchorService(
    AuditLog log,
    ChainWriter chain,
    AnchorWriter anchors,
    JournalRecovery recovery,
    IOptions<AuditOptions> options,
    TimeProvider time,
    ILogger<AnchorService> logger
) : IHostedService, IDisposable
{
    private readonly AuditOptions _options = options.Value;

    // Room for one: a reason to write that comes while another waits adds nothing.
    private readonly Channel<string> _due = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private ITimer? _timer;
    private readonly Lock _ending = new();
    private Task? _stopping;
    private Task _running = Task.CompletedTask;
    private volatile ChainHead _anchored = ChainHead.Empty with { Segment = 1 };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.Durability is AuditDurability.Off)
        {
            logger.AuditOff();
            return;
        }

        recovery.Recover();
        if (_options.Anchors.Enabled)
        {
            var key = anchors.KeyId;

            // Before the first record: a chain that nobody vouches for was put there by somebody else.
            anchors.Write(chain.Id, AnchorKinds.Opened, chain.Id, ChainHead.Empty);
            logger.ChainOpened(chain.Id, chain.Folder, key ?? "none", _options.FullAnchorsPath);
            log.Written += OnWritten;
            _timer = time.CreateTimer(
                _ => _due.Writer.TryWrite(AnchorKinds.Interval),
                state: null,
                _options.Anchors.Interval,
                _options.Anchors.Interval
            );
            _running = RunAsync();
        }
        else
        {
            logger.NoAnchors(chain.Id, chain.Folder);
        }

        // A folder that cannot be written stops no start: calls are refused, and the log says what to do.
        await log.FlushAsync();
    }

    /// <summary>A host may be stopped twice, at once or after it was disposed: the chain ends once, and both wait for that.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_ending)
        {
            return _stopping ??= EndAsync();
        }
    }

    public void Dispose() => _timer?.Dispose();

    private async Task EndAsync()
    {
        log.Written -= OnWritten;
        _due.Writer.TryComplete();
        await _running;
        await log.CloseAsync();
        if (_options.Anchors.Enabled && chain.Head.Seq > 0)
        {
            anchors.Write(chain.Id, AnchorKinds.Closed, chain.Id, chain.Head);
        }
    }

    private void OnWritten(object? sender, EventArgs arguments)
    {
        var head = chain.Head;
        if (head.Segment != _anchored.Segment)
        {
            _due.Writer.TryWrite(AnchorKinds.Rotated);
        }
        else if (head.Seq - _anchored.Seq >= _options.Anchors.Records)
        {
            _due.Writer.TryWrite(AnchorKinds.Interval);
        }
    }

    private async Task RunAsync()
    {
        await foreach (var kind in _due.Reader.ReadAllAsync())
        {
            var head = chain.Head;
            if (head.Seq > _anchored.Seq && anchors.Write(chain.Id, kind, chain.Id, head))
            {
                _anchored = head;
            }
        }
    }
}
