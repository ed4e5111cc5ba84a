using System.Text.Json;
using AspireGateway.Gateway.Audit;
using AspireGateway.Gateway.Audit.Anchors;
using AspireGateway.Gateway.Audit.Chain;
using AspireGateway.Gateway.Audit.Journals;
using AspireGateway.Gateway.Audit.Retention;
using AspireGateway.Gateway.Audit.Verification;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AspireGateway.Gateway.Tests.Audit;

/// <summary>A folder, in which processes that are none write their chains.</summary>
internal sealed class AuditRig : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("audit-tests-").FullName;

    public AuditRig()
    {
        Options = new AuditOptions { Path = Path.Combine(_folder, "audit") };
        Options.Anchors.Key = AnchorKey.NewPem();
    }

    public AuditOptions Options { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 26, 8, 0, 0, TimeSpan.Zero));

    /// <summary>The segments, in order.</summary>
    public IReadOnlyList<string> Files =>
        Directory.Exists(Options.FullPath)
            ? [.. Directory.EnumerateFiles(Options.FullPath, "*.jsonl").Order(StringComparer.Ordinal)]
            : [];

    public IReadOnlyList<string> AnchorFiles => [.. new AnchorFolder(Options.FullAnchorsPath).Files];

    public AuditProcess NewProcess(ILoggerFactory? logs = null) => new(this, logs ?? NullLoggerFactory.Instance);

    public IReadOnlyList<string> Journals => [.. JournalFormat.In(Options.FullPath).Select(static one => one.Path)];

    /// <summary>The records of all segments.</summary>
    public IReadOnlyList<JsonElement> Records =>
        [.. Files.SelectMany(File.ReadLines).Select(static line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The names that the records of all segments have, without those that a chain says of itself.</summary>
    public IReadOnlyList<string> Names => NamesIn(Records);

    /// <summary>The same of one chain.</summary>
    public IReadOnlyList<string> NamesOf(string chain) =>
        NamesIn(Records.Where(record => record.GetProperty("chain").GetString() == chain));

    /// <summary>Writes a chain from its start to its end.</summary>
    public async Task WriteChainAsync(int calls)
    {
        var process = NewProcess();
        await process.StartAsync();
        for (var call = 0; call < calls; call++)
        {
            var number = await process.WriteAsync(Record($"call {call}") with { Kind = RecordKinds.Intent });
            process.Log.Add(Record($"call {call}") with { Kind = RecordKinds.Outcome, Call = number });
        }

        await process.StopAsync();
    }

    public AuditRecord Record(string name) =>
        new()
        {
            Time = Time.GetUtcNow(),
            Decision = "allowed",
            Reason = "ok",
            User = "corp:alice",
            Name = name,
        };

    public VerificationReport Verify()
    {
        using var key = AnchorKey.TryParse(Options.Anchors.Key!, needsPrivate: false)!;
        var anchors = Options.Anchors.Enabled ? new AnchorFolder(Options.FullAnchorsPath) : null;
        return new AuditVerifier(Options.FullPath, anchors, [key]).Verify();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<string> NamesIn(IEnumerable<JsonElement> records) =>
        [
            .. records
                .Select(static record => record.TryGetProperty("name", out var name) ? name.GetString() : null)
                .OfType<string>(),
        ];

    /// <summary>The parts of the gateway that write the record, as a process has them.</summary>
    internal sealed class AuditProcess : IDisposable
    {
        private readonly AnchorService _service;
        private readonly AnchorWriter _anchors;

        public AuditProcess(AuditRig rig, ILoggerFactory logs)
        {
            var options = Microsoft.Extensions.Options.Options.Create(rig.Options);
            Chain = new ChainWriter(options, rig.Time);
            Log = new AuditLog(Chain, options, rig.Time, logs.CreateLogger<AuditLog>());
            _anchors = new AnchorWriter(
                options,
                new AnchorFolder(options),
                rig.Time,
                logs.CreateLogger<AnchorWriter>()
            );
            var recovery = new JournalRecovery(options, logs.CreateLogger<JournalRecovery>());
            _service = new AnchorService(
                Log,
                Chain,
                _anchors,
                recovery,
                options,
                rig.Time,
                logs.CreateLogger<AnchorService>()
            );
            Remover = new SegmentRemover(Chain, _anchors, options, logs.CreateLogger<SegmentRemover>());
        }

        public ChainWriter Chain { get; }

        public AuditLog Log { get; }

        public SegmentRemover Remover { get; }

        /// <summary>An intent, and whatever waits, is in the segment afterwards.</summary>
        public async Task<AuditCall?> WriteAsync(AuditRecord intent)
        {
            var call = await Log.BeginAsync(intent);
            await Log.FlushAsync();
            return call;
        }

        /// <summary>Puts something where the next segment would be. Where segments are tiny, nothing can be written until it is deleted.</summary>
        public string BlockNextSegment() =>
            Directory
                .CreateDirectory(Path.Combine(Chain.Folder, Segments.NameOf(Chain.Id, Chain.Head.Segment + 1)))
                .FullName;

        public Task StartAsync() => _service.StartAsync(CancellationToken.None);

        /// <summary>Ends in order.</summary>
        public async Task StopAsync()
        {
            await _service.StopAsync(CancellationToken.None);
            Dispose();
        }

        /// <summary>Ends as if killed.</summary>
        public void Dispose()
        {
            _service.Dispose();
            _anchors.Dispose();
            Log.Dispose();
            Chain.Dispose();
        }
    }
}
