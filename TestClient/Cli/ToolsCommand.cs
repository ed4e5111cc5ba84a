using System.CommandLine;
using AspireGateway.TestClient.Flow;
using AspireGateway.TestClient.Mcp;
using AspireGateway.TestClient.Running;

namespace AspireGateway.TestClient.Cli;

/// <summary><c>tools URL</c>: lists the tools.</summary>
internal static class ToolsCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var connection = new ConnectionArguments();
        Command command = new("tools", "Sign in if needed and list the server's tools");
        connection.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                new Run("tools", connection.Read(parsed, surroundings.Variable), surroundings).ExecuteAsync(
                    WorkAsync,
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task WorkAsync(
        Connection connection,
        RunReport report,
        FlowLog log,
        CancellationToken cancellationToken
    )
    {
        report.Tools = await ToolCalls.ListAsync(connection.Client, cancellationToken);
        log.Add(new(FlowStep.A11, "result") { Note = $"{report.Tools.Count} tools" });
    }
}
