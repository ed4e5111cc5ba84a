using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit;

/// <summary>
/// Appends records to a file, one JSON object a line. Whoever finds nobody writing writes for all who come meanwhile, so that
/// calls which end together cost one write.
/// </summary>
internal sealed partial class JsonLinesAuditLog(IOptions<AuditOptions> options, ILogger<JsonLinesAuditLog> logger)
    : IAuditLog,
        IDisposable
{
    // Guards the lines that wait and the flag, never the file: a slow disk must not stop those who only add a line.
    private readonly Lock _waitingLines = new();
    private ArrayBufferWriter<byte> _waiting = new(4096);
    private ArrayBufferWriter<byte> _writing = new(4096);
    private bool _isBeingWritten;

    // Guards opening and closing. Callers that come while the file is being opened wait: they must not be refused for it.
    private readonly Lock _opening = new();
    private FileStream? _file;
    private volatile bool _isOpen;

    public bool IsWritable => EnsureOpen();

    public bool Append(AuditRecord record)
    {
        using var span = GatewayTelemetry.Start(Spans.AuditAppend);
        lock (_waitingLines)
        {
            using (var json = new Utf8JsonWriter(_waiting))
            {
                JsonSerializer.Serialize(json, record, AuditJson.Default.AuditRecord);
            }

            _waiting.Write("\n"u8);
        }

        // Lines that cannot be written wait for the next attempt; no call is let through until it succeeds.
        return EnsureOpen() && WriteWaitingLines();
    }

    public void Dispose() => _file?.Dispose();

    private bool WriteWaitingLines()
    {
        lock (_waitingLines)
        {
            if (_isBeingWritten)
            {
                return true;
            }

            _isBeingWritten = true;
        }

        while (TakeWaitingLines())
        {
            if (!TryWrite())
            {
                lock (_waitingLines)
                {
                    _isBeingWritten = false;
                }

                return false;
            }
        }

        return true;
    }

    // False when nothing is left, and then nobody writes any more.
    private bool TakeWaitingLines()
    {
        lock (_waitingLines)
        {
            if (_writing.WrittenCount == 0)
            {
                (_waiting, _writing) = (_writing, _waiting);
            }

            _isBeingWritten = _writing.WrittenCount > 0;
            return _isBeingWritten;
        }
    }

    private bool TryWrite()
    {
        try
        {
            _file!.Write(_writing.WrittenSpan);
            _writing.ResetWrittenCount();
            return true;
        }
        catch (IOException exception)
        {
            logger.AuditUnwritable(options.Value.FullPath, exception);
            lock (_opening)
            {
                _isOpen = false;
                _file!.Dispose();
                _file = null;
            }

            return false;
        }
    }

    private bool EnsureOpen()
    {
        if (_isOpen)
        {
            return true;
        }

        lock (_opening)
        {
            return _isOpen || TryOpen();
        }
    }

    private bool TryOpen()
    {
        var path = options.Value.FullPath;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _file = new FileStream(
                path,
                FileMode.Append,
                FileAccess.Write,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 0
            );
            _isOpen = true;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.AuditUnwritable(path, exception);
            return false;
        }
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
    )]
    [JsonSerializable(typeof(AuditRecord))]
    private sealed partial class AuditJson : JsonSerializerContext;
}
