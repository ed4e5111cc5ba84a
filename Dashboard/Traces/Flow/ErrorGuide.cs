using System.Text.RegularExpressions;

namespace AspireGateway.Dashboard.Traces.Flow;

/// <summary>What <c>docs/errors.md</c>, which is inside of this program, says about a stable code: its cause, and what to do.</summary>
internal static partial class ErrorGuide
{
    private const string Fix = "**Fix:** ";

    private static readonly Dictionary<string, (string Cause, string Fix)> Entries = Read();

    /// <summary>Null for a code that is not in the guide.</summary>
    public static (string Cause, string Fix)? Find(string code) =>
        Entries.TryGetValue(code, out var entry) ? entry : null;

    // "### code", paragraphs about the cause, one that begins with "Fix".
    private static Dictionary<string, (string Cause, string Fix)> Read()
    {
        using var stream = typeof(ErrorGuide).Assembly.GetManifestResourceStream("errors.md")!;
        using var reader = new StreamReader(stream);
        var entries = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        foreach (var section in reader.ReadToEnd().ReplaceLineEndings("\n").Split("\n### ").Skip(1))
        {
            var paragraphs = section.Split("\n## ")[0].Split("\n\n");
            var cause = paragraphs.Skip(1).TakeWhile(static text => !text.StartsWith(Fix, StringComparison.Ordinal));
            var fix = paragraphs.FirstOrDefault(static text => text.StartsWith(Fix, StringComparison.Ordinal));
            entries[paragraphs[0].Trim()] = (Plain(string.Join(' ', cause)), Plain(fix?[Fix.Length..] ?? ""));
        }

        return entries;
    }

    private static string Plain(string markdown) =>
        Link().Replace(markdown, "${text}").Replace("`", "", StringComparison.Ordinal).Replace('\n', ' ').Trim();

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\([^)]+\)", RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
