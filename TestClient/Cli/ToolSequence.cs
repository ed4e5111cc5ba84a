using System.CommandLine;
using System.CommandLine.Parsing;

namespace AspireGateway.TestClient.Cli;

/// <summary>The calls of one command line, in their order: each --arg belongs to the tool before it.</summary>
internal static class ToolSequence
{
    /// <summary>Reads them from the words as they were typed, because options by themselves have no order among each other.</summary>
    public static IReadOnlyList<ToolRequest> Read(
        ParseResult parsed,
        Argument<string> first,
        Option<string[]> then,
        Option<string[]> argument
    )
    {
        List<(string Tool, List<string> Words)> calls = [(parsed.GetValue(first)!, [])];
        Option? option = null;
        foreach (var token in parsed.Tokens)
        {
            if (token.Type is TokenType.Option)
            {
                option =
                    Is(token, then) ? then
                    : Is(token, argument) ? argument
                    : null;
            }
            else if (token.Type is TokenType.Argument && option is not null)
            {
                if (option == then)
                {
                    calls.Add((token.Value, []));
                }
                else
                {
                    calls[^1].Words.Add(token.Value);
                }

                option = null;
            }
        }

        return [.. calls.Select(static call => new ToolRequest(call.Tool, call.Words))];
    }

    private static bool Is(Token token, Option option) =>
        token.Value == option.Name || option.Aliases.Contains(token.Value);
}

/// <summary>One tool to call.</summary>
/// <param name="Tool">Its name.</param>
/// <param name="Words">Its arguments as they were typed.</param>
internal sealed record ToolRequest(string Tool, IReadOnlyList<string> Words);
