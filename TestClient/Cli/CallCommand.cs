using System.CommandLine;
using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.Mcp;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.Running;
using ModelContextProtocol.Protocol;

namespace AspireGateway.TestClient.Cli;

/// <summary><c>call URL TOOL</c>: calls a tool.</summary>
internal static class CallCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var connection = new ConnectionArguments();
        Argument<string> tool = new("TOOL") { Description = "Name of the tool, as the command tools lists it" };
        Option<string[]> argument = new("--arg", "-a")
        {
            Description = "An argument of the tool; repeat it for more. name:=… takes the value as JSON",
            HelpName = "NAME=VALUE",
            DefaultValueFactory = static _ => [],
        };
        Command command = new("call", "Sign in if needed, list the server's tools and call one") { tool, argument };
        connection.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var call = new ToolRequest(parsed.GetValue(tool)!, parsed.GetValue(argument)!);
                return new Run("call", connection.Read(parsed, surroundings.Variable), surroundings).ExecuteAsync(
                    call.WorkAsync,
                    cancellationToken
                );
            }
        );
        return command;
    }

    private sealed record ToolRequest(string Name, IReadOnlyList<string> Words)
    {
        public async Task WorkAsync(
            Connection connection,
            RunReport report,
            FlowLog log,
            CancellationToken cancellationToken
        )
        {
            report.Tools = await ToolCalls.ListAsync(connection.Client, cancellationToken);
            var tool = ToolCalls.Find(report.Tools, Name);
            var arguments = ToolArguments.Read(tool, Words);
            var result = await ToolCalls.CallAsync(connection.Client, Name, arguments, log, cancellationToken);
            report.Call = new(Name, result);
            log.Add(new(FlowStep.A11, "result") { Note = Describe(result) });
            if (result.IsError is true)
            {
                throw new ClientFailure(
                    $"The tool {Name} answered with an error: {Printable.OneLine(ResultText.Of(result))}",
                    "Correct the arguments; the table above shows what each tool takes."
                );
            }
        }

        private static string Describe(CallToolResult result) =>
            result.IsError is true ? "error"
            : result.StructuredContent is null ? $"{result.Content.Count} content blocks"
            : "structured content";
    }
}
