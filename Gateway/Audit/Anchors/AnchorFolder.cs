using System.Text;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Audit.Anchors;

/// <summary>Where anchors lie: one file for each chain, <c>{chain}.anchors</c>, to which only its process appends.</summary>
internal sealed class AnchorFolder(string path)
{
    private const string Extension = ".anchors";

    public AnchorFolder(IOptions<AuditOptions> options)
        : this(options.Value.FullAnchorsPath) { }

    public string FullPath { get; } = path;

    /// <summary>The key that Development makes at its first run.</summary>
    public string KeyFile => Path.Combine(FullPath, "anchors.pem");

    /// <summary>The files, by name.</summary>
    public IEnumerable<string> Files =>
        Directory.Exists(FullPath)
            ? Directory.EnumerateFiles(FullPath, "*" + Extension).Order(StringComparer.Ordinal)
            : [];

    /// <summary>Appends a line.</summary>
    /// <param name="chain">Whose file.</param>
    /// <param name="line">The line, with its end.</param>
    /// <param name="toDisk">Whether it is on the disk afterwards, as is everything before it. Otherwise it is with the operating system.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written.</exception>
    public void Append(string chain, string line, bool toDisk)
    {
        OwnerOnly.CreateFolder(FullPath);
        using var file = OwnerOnly.Open(
            Path.Combine(FullPath, chain + Extension),
            FileMode.OpenOrCreate,
            FileShare.Read
        );
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes(line));
        file.Flush(toDisk);
    }
}
