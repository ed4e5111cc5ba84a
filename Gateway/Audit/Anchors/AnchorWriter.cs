using AspireGateway.Gateway.Audit.Chain;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit.Anchors;

/// <summary>Signs where a chain ends, and writes it to the anchors' folder.</summary>
internal sealed class AnchorWriter(
    IOptions<AuditOptions> options,
    AnchorFolder folder,
    TimeProvider time,
    ILogger<AnchorWriter> logger
) : IDisposable
{
    private readonly Lock _writing = new();
    private readonly DiskPace _pace = new(time);
    private AnchorKey? _key;
    private bool _isFailing;

    /// <summary>Reads or makes the key.</summary>
    /// <returns>Id of the key; null when it cannot be had now, which the next anchor tries again.</returns>
    public string? KeyId
    {
        get
        {
            lock (_writing)
            {
                return Try(() => _key ??= AnchorKeys.ReadOrCreate(options.Value.Anchors, folder)) ? _key!.Id : null;
            }
        }
    }

    /// <summary>Writes an anchor into the file of a chain.</summary>
    /// <param name="file">Chain of this process, whose file it is.</param>
    /// <param name="kind">One of <see cref="AnchorKinds"/>.</param>
    /// <param name="chain">Which chain it is about.</param>
    /// <param name="head">Where that chain ends, or begins.</param>
    /// <returns>False when it could not be written.</returns>
    public bool Write(string file, string kind, string chain, ChainHead head)
    {
        lock (_writing)
        {
            return Try(() =>
            {
                _key ??= AnchorKeys.ReadOrCreate(options.Value.Anchors, folder);
                var anchor = new Anchor
                {
                    Kind = kind,
                    Chain = chain,
                    Time = time.GetUtcNow(),
                    Segment = head.Segment,
                    Seq = head.Seq,
                    Hash = head.Hash,
                    Key = _key.Id,
                };
                var always = kind is not AnchorKinds.Interval || options.Value.Durability is AuditDurability.Disk;
                folder.Append(file, AnchorLine.Write(anchor, _key), _pace.Take(always));
            });
        }
    }

    public void Dispose() => _key?.Dispose();

    // One line in the log for each time of trouble.
    private bool Try(Action action)
    {
        try
        {
            action();
            _isFailing = false;
            return true;
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or InvalidDataException
                        or ObjectDisposedException
            )
        {
            if (!_isFailing)
            {
                logger.AnchorNotWritten(folder.FullPath, exception);
            }

            _isFailing = true;
            return false;
        }
    }
}
