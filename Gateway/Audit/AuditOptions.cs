namespace AspireGateway.Gateway.Audit;

/// <summary>Section <c>Gateway:Audit</c>.</summary>
internal sealed class AuditOptions
{
    public const string Section = "Gateway:Audit";

    /// <summary>
    /// Folder of the record's segments, for any number of processes. Relative paths start at the data directory of the user account.
    /// </summary>
    public string Path { get; set; } = "audit";

    /// <summary>What a call waits for before it goes on: one of <see cref="AuditDurability"/>.</summary>
    public string Durability { get; set; } = AuditDurability.Process;

    /// <summary>Size at which a segment is followed by the next.</summary>
    public long SegmentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Age at which a segment is followed by the next; only whole segments are ever deleted.</summary>
    public TimeSpan SegmentAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long segments are kept; null keeps them for good.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>The signed anchors.</summary>
    public AnchorOptions Anchors { get; set; } = new();

    /// <summary>Absolute path of the folder.</summary>
    public string FullPath => FromData(Path);

    /// <summary>Absolute path of the anchors' folder.</summary>
    public string FullAnchorsPath =>
        string.IsNullOrEmpty(Anchors.Path) ? FullPath + "-anchors" : FromData(Anchors.Path);

    private static string FromData(string path) =>
        System.IO.Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.DoNotVerify
            ),
            "AspireGateway",
            path
        );
}

/// <summary>Section <c>Gateway:Audit:Anchors</c>.</summary>
internal sealed class AnchorOptions
{
    /// <summary>Whether anchors are written.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Folder of the anchors, best where whoever can change the record cannot; beside the record when empty.</summary>
    public string Path { get; set; } = "";

    /// <summary>PEM of the private key (EC, P-256) that signs.</summary>
    public string? Key { get; set; }

    /// <summary>A file that holds it, for example a mounted secret.</summary>
    public string? KeyFile { get; set; }

    /// <summary>PEM files of public keys that signed before.</summary>
    public IList<string> FormerKeyFiles { get; } = [];

    /// <summary>How many records may come before the next anchor.</summary>
    public int Records { get; set; } = 1000;

    /// <summary>How long a record may wait for its anchor.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>What a call waits for before it goes on.</summary>
internal static class AuditDurability
{
    /// <summary>
    /// Until the record is in memory of the operating system, in a journal: it survives the end of the process, however it ends.
    /// </summary>
    public const string Process = "process";

    /// <summary>Until the operating system has written it to the segment's file: survives the same, without a journal.</summary>
    public const string Write = "write";

    /// <summary>Until the disk has the record: it survives a power failure.</summary>
    public const string Disk = "disk";

    /// <summary>Nothing is recorded. Only to measure what the record costs, in Development.</summary>
    public const string Off = "off";
}
