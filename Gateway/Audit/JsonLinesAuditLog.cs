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

    // Touched only by the one who writes.
    private FileStream? _file;
    private volatile bool _isOpen;

    public bool IsWritable => _isOpen || Write();

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

        return Write();
    }

    public void Dispose() => _file?.Dispose();

    // Also called without a line, to see whether the file can be opened.
    private bool Write()
    {
        lock (_waitingLines)
        {
            if (_isBeingWritten)
            {
                return _isOpen;
            }

            _isBeingWritten = true;
        }

        while (true)
        {
            var isWritten = TryOpen() && TryWrite();
            lock (_waitingLines)
            {
                // Lines that could not be written wait for the next attempt; no call is let through until it succeeds.
                if (isWritten)
                {
                    _writing.ResetWrittenCount();
                }

                if (!isWritten || _waiting.WrittenCount == 0)
                {
                    _isBeingWritten = false;
                    return isWritten;
                }
            }
        }
    }

    private bool TryOpen()
    {
        if (_file is not null)
        {
            return true;
        }

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

    private bool TryWrite()
    {
        lock (_waitingLines)
        {
            if (_writing.WrittenCount == 0)
            {
                (_waiting, _writing) = (_writing, _waiting);
            }
        }

        try
        {
            _file!.Write(_writing.WrittenSpan);
            return true;
        }
        catch (IOException exception)
        {
            logger.AuditUnwritable(options.Value.FullPath, exception);
            _isOpen = false;
            _file!.Dispose();
            _file = null;
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
