using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace AspireGateway.Gateway;

/// <summary>Name of a target: the segment in <c>/mcp/{target}</c> and the prefix in <c>target___tool</c>.</summary>
/// <remarks>Lower case letters, digits and single hyphens, at most 32 characters: safe in URLs, in environment variables
/// and, with the separator, in the tool names that MCP allows.</remarks>
internal readonly partial record struct TargetName
{
    /// <summary>What a valid name looks like, for error messages.</summary>
    public const string Rule = "1 to 32 lower case letters, digits and hyphens, starting with a letter";

    private TargetName(string value) => Value = value;

    public string Value { get; }

    /// <summary>Accepts <paramref name="text"/> only if it is a valid name, compared ordinally.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TargetName name)
    {
        var valid = text is not null && Pattern().IsMatch(text);
        name = valid ? new TargetName(text!) : default;
        return valid;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,31}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();
}
