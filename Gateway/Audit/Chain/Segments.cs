using System.Globalization;

namespace AspireGateway.Gateway.Audit.Chain;

/// <summary>Names of the files: <c>{chain}-{number}.jsonl</c>.</summary>
internal static class Segments
{
    private const string Extension = ".jsonl";

    public static string NameOf(string chain, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{chain}-{number:D6}{Extension}");

    /// <summary>All segments of a folder, by chain, each chain in order. Other files are left alone.</summary>
    public static ILookup<string, Segment> In(string folder) =>
        Directory
            .EnumerateFiles(folder, "*" + Extension)
            .Select(Parse)
            .OfType<Segment>()
            .OrderBy(static segment => segment.Chain, StringComparer.Ordinal)
            .ThenBy(static segment => segment.Number)
            .ToLookup(static segment => segment.Chain, StringComparer.Ordinal);

    private static Segment? Parse(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var dash = name.LastIndexOf('-');
        return
            dash > 0
            && int.TryParse(name[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new Segment(path, name[..dash], number)
            : null;
    }
}

/// <summary>One file of a chain.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Chain">Whose.</param>
/// <param name="Number">Counted from 1.</param>
internal sealed record Segment(string Path, string Chain, int Number)
{
    public string Name => System.IO.Path.GetFileName(Path);
}
