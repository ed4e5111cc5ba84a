namespace AspireGateway.Gateway.Audit;

/// <summary>Section <c>Gateway:Audit</c>.</summary>
internal sealed class AuditOptions
{
    public const string Section = "Gateway:Audit";

    /// <summary>
    /// File of JSON lines that records are appended to, by one process: <c>{process}</c> in it becomes a name of the process, for
    /// replicas that would write to the same file. Relative paths start at the data directory of the user account.
    /// </summary>
    public string Path { get; set; } = "audit.jsonl";

    /// <summary>Absolute path of the file.</summary>
    public string FullPath =>
        System.IO.Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.DoNotVerify
            ),
            "AspireGateway",
            Path.Replace("{process}", $"{Environment.MachineName}-{Environment.ProcessId}", StringComparison.Ordinal)
        );
}
