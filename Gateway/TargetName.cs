using System.Diagnostics.CodeAnalysis;

namespace AspireGateway.Gateway;

/// <summary>Name of a target: the segment in <c>/mcp/{target}</c> and the prefix in <c>target___tool</c>.</summary>
/// <remarks>Lower case letters, digits and single hyphens, at most 32 characters: safe in URLs, in environment variables
/// and, with the separator, in the tool names that MCP allows.</remarks>
internal readonly record struct TargetName
{
    /// <summary>What a valid name looks like, for error messages.</summary>
    public const string Rule = "1 to 32 lower case letters, digits and hyphens, starting with a letter";

    private const int MaxLength = 32;

    private TargetName(string value) => Value = value;

    public string Value { get; }

    /// <summary>Accepts <paramref name="text"/> only if it is a valid name, compared ordinally.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TargetName name)
    {
        var valid = text is { Length: > 0 and <= MaxLength } && IsName(text);
        name = valid ? new TargetName(text!) : default;
        return valid;
    }

    public override string ToString() => Value;

    // Not a regular expression: every step of every request asks for the target of its path.
    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiLetterLower(text[0]))
        {
            return false;
        }

        for (var i = 1; i < text.Length; i++)
        {
            var isHyphenWithin = text[i] == '-' && i + 1 < text.Length && text[i + 1] != '-';
            if (!isHyphenWithin && !char.IsAsciiLetterLower(text[i]) && !char.IsAsciiDigit(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
