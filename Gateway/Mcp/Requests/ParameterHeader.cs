using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AspireGateway.Gateway.Mcp.Requests;

/// <summary>
/// One argument of a tool that is repeated in a header <c>Mcp-Param-…</c>, because the tool's schema marks it with <c>x-mcp-header</c>
/// (MCP 2026-07-28).
/// </summary>
/// <param name="Name">Name of the header.</param>
/// <param name="Path">Names of the members that lead to the argument.</param>
internal sealed record ParameterHeader(string Name, IReadOnlyList<string> Path)
{
    public const string Prefix = "Mcp-Param-";

    // Beyond this, not every JSON reader keeps the number (2^53 - 1).
    private const long LargestInteger = 9007199254740991;

    /// <summary>The marked arguments of a tool.</summary>
    public static IReadOnlyList<ParameterHeader> Of(JsonObject tool) => [.. In(tool["inputSchema"], [])];

    /// <summary>The header's value for these arguments; null when the argument is not there, or of a kind that has no header.</summary>
    public string? ValueFor(JsonNode? arguments) =>
        HeaderText(Find(arguments)) is { } text ? McpHeaderValue.Encode(text) : null;

    /// <summary>Returns what is wrong with this header of a request, or null.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="arguments">The arguments in its body.</param>
    /// <param name="isRequired">Whether the request's revision demands the header.</param>
    public string? Check(IHeaderDictionary headers, JsonNode? arguments, bool isRequired)
    {
        var argument = Find(arguments);
        var expected = HeaderText(argument);
        var sent = headers[Name];
        if (sent.Count == 0)
        {
            return expected is null || !isRequired
                ? null
                : $"The header {Name} is missing. The tool's schema asks for it.";
        }

        return
            expected is not null
            && sent is [{ } only]
            && McpHeaderValue.Decode(only) is { } text
            && (
                string.Equals(text, expected, StringComparison.Ordinal)
                || (argument!.GetValueKind() is JsonValueKind.Number && WholeNumber(text) == expected)
            )
            ? null
            : $"The header {Name} must be sent once and repeat the argument of the body that the tool's schema marks with it.";
    }

    private JsonNode? Find(JsonNode? arguments)
    {
        foreach (var name in Path)
        {
            arguments = (arguments as JsonObject)?[name];
        }

        return arguments;
    }

    private static string? HeaderText(JsonNode? argument) =>
        argument?.GetValueKind() switch
        {
            JsonValueKind.String => argument.GetValue<string>(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number => WholeNumber(argument.ToJsonString()) ?? argument.ToJsonString(),
            _ => null,
        };

    // 42, 42.0 and 4.2e1 are the same number.
    private static string? WholeNumber(string text) =>
        long.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var number
        ) && number is >= -LargestInteger and <= LargestInteger
            ? number.ToString(CultureInfo.InvariantCulture)
            : null;

    private static IEnumerable<ParameterHeader> In(JsonNode? schema, string[] path)
    {
        foreach (var (name, value) in (schema as JsonObject)?["properties"] as JsonObject ?? [])
        {
            if (value is not JsonObject property)
            {
                continue;
            }

            string[] own = [.. path, name];
            if (property.TextOf("x-mcp-header") is { Length: > 0 } header && header.All(IsOfToken))
            {
                yield return new(Prefix + header, own);
            }

            foreach (var nested in In(property, own))
            {
                yield return nested;
            }
        }
    }

    // RFC 9110, section 5.6.2: of what names of headers are made.
    private static bool IsOfToken(char c) =>
        char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
