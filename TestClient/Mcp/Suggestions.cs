namespace AspireGateway.TestClient.Mcp;

/// <summary>Names that somebody may have meant.</summary>
internal static class Suggestions
{
    private const int Most = 3;

    /// <summary>The nearest of <paramref name="names"/>: those that contain the word, then those with few letters changed.</summary>
    public static IReadOnlyList<string> For(string word, IEnumerable<string> names) =>
        [
            .. names
                .Select(name => (Name: name, Distance: Distance(word, name)))
                .Where(candidate => candidate.Distance <= Math.Max(1, (word.Length + 1) / 3))
                .OrderBy(static candidate => candidate.Distance)
                .ThenBy(static candidate => candidate.Name, StringComparer.Ordinal)
                .Take(Most)
                .Select(static candidate => candidate.Name),
        ];

    private static int Distance(string word, string name)
    {
        if (word.Length > 0 && name.Contains(word, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        // A gateway puts "target___" in front of a tool's own name.
        var own = name[(name.LastIndexOf("___", StringComparison.Ordinal) is var at and >= 0 ? at + 3 : 0)..];
        return Math.Min(Levenshtein(word, name), 1 + Levenshtein(word, own));
    }

    private static int Levenshtein(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var row = 1; row <= left.Length; row++)
        {
            var current = new int[right.Length + 1];
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var same = char.ToUpperInvariant(left[row - 1]) == char.ToUpperInvariant(right[column - 1]);
                var replaced = previous[column - 1] + (same ? 0 : 1);
                current[column] = Math.Min(replaced, 1 + Math.Min(previous[column], current[column - 1]));
            }

            previous = current;
        }

        return previous[^1];
    }
}
