using System.CommandLine;
using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.Mcp;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.Running;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Cli;

/// <summary><c>call URL TOOL</c>: calls a tool, and more with <c>--then</c>.</summary>
internal static class CallCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var connection = new ConnectionArguments();
        Argument<string> tool = new("TOOL") { Description = "Name of the tool, as the command tools lists it" };
        Option<string[]> argument = new("--arg", "-a")
        {
            Description = "An argument of the tool before it; repeat it for more. name:=… takes the value as JSON",
            HelpName = "NAME=VALUE",
            DefaultValueFactory = static _ => [],
        };
        Option<string[]> then = new("--then")
        {
            Description = "Another tool to call after that, with its own --arg; repeat it for more",
            HelpName = "TOOL",
            DefaultValueFactory = static _ => [],
        };
        Command command = new("call", "Sign in if needed, list the server's tools and call one or more")
        {
            tool,
            argument,
            then,
        };
        connection.AddTo(command);
        connection.AddConsentTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var settings = connection.Read(parsed, surroundings.Variable);
                var calls = ToolSequence.Read(parsed, tool, then, argument);
                return new Run("call", settings, surroundings).ExecuteAsync(
                    (connected, report, log, cancel) =>
                        WorkAsync(connected, calls, settings.TakesElicitations, report, log, cancel),
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static async Task WorkAsync(
        Connection connection,
        IReadOnlyList<ToolRequest> calls,
        bool takesElicitations,
        RunReport report,
        FlowLog log,
        CancellationToken cancellationToken
    )
    {
        report.Tools = await ToolCalls.ListAsync(connection.Client, cancellationToken);
        // Every mistake of the command line before the first call, which may change something.
        var ready = calls
            .Select(call =>
                (call.Tool, Arguments: ToolArguments.Read(ToolCalls.Find(report.Tools, call.Tool), call.Words))
            )
            .ToArray();
        foreach (var (tool, arguments) in ready)
        {
            var outcome = await ToolCalls.CallAsync(connection, tool, arguments, log, cancellationToken);
            report.Calls.Add(outcome);
            log.Add(
                new(outcome.AskedForConsent ? FlowStep.B10 : FlowStep.A11, "result") { Note = Describe(outcome.Result) }
            );
            if (outcome.Result.IsError is true)
            {
                throw new ClientFailure(
                    $"The tool {tool} answered with an error: {Printable.OneLine(ResultText.Of(outcome.Result))}",
                    takesElicitations
                        ? "Correct the arguments; the table above shows what each tool takes."
                        : "If it asks for a consent, run it without --no-elicitation, so that it can."
                );
            }
        }
    }

    private static string Describe(CallToolResult result) =>
        result.IsError is true ? "error"
        : result.StructuredContent is null ? $"{result.Content.Count} content blocks"
        : "structured content";
}
