using System.Text.Json;
using System.Text.Json.Serialization;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit;

/// <summary>Appends records to a file, one JSON object a line, each flushed to the operating system before the call goes on.</summary>
internal sealed partial class JsonLinesAuditLog(IOptions<AuditOptions> options, ILogger<JsonLinesAuditLog> logger)
    : IAuditLog,
        IDisposable
{
    // One writer at a time: a line that is torn by another one would be evidence of nothing.
    private readonly Lock _writing = new();
    private FileStream? _file;

    public bool IsWritable
    {
        get
        {
            lock (_writing)
            {
                return TryOpen();
            }
        }
    }

    public bool Append(AuditRecord record)
    {
        using var span = GatewayTelemetry.Start(Spans.AuditAppend);
        var line = JsonSerializer.SerializeToUtf8Bytes(record, AuditJson.Default.AuditRecord);
        lock (_writing)
        {
            return TryOpen() && TryWrite(line);
        }
    }

    public void Dispose() => _file?.Dispose();

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
            _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.AuditUnwritable(path, exception);
            return false;
        }
    }

    private bool TryWrite(byte[] line)
    {
        try
        {
            _file!.Write([.. line, (byte)'\n']);
            _file.Flush();
            return true;
        }
        catch (IOException exception)
        {
            logger.AuditUnwritable(options.Value.FullPath, exception);
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
