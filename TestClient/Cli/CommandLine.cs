using System.CommandLine;
using System.CommandLine.Help;
using AspireGateway.TestClient.Output;
using Spectre.Console;

namespace AspireGateway.TestClient.Cli;

/// <summary>The command line: what there is to type, and what the help says about it.</summary>
internal static class CommandLine
{
    /// <summary>Runs the program.</summary>
    public static async Task<int> RunAsync(
        string[] args,
        Surroundings surroundings,
        CancellationToken cancellationToken
    )
    {
        var configuration = new InvocationConfiguration
        {
            Output = surroundings.Output,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            // The host of the run listens to Ctrl-C and SIGTERM, so that its telemetry is sent first.
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await Create(surroundings).Parse(args).InvokeAsync(configuration, cancellationToken);
        }
        catch (ClientFailure failure)
        {
            // Before a run has begun: something is missing.
            var terminal = new Terminal(surroundings.Error, surroundings.Style, new Secrets());
            terminal.Line($"✘ {failure.Message}", new Style(Color.Red));
            terminal.Line($"  {failure.Hint}", new Style(Color.Red));
            return 1;
        }
    }

    private static RootCommand Create(Surroundings surroundings)
    {
        RootCommand root = new(
            "A client for any MCP server. It signs in when the server asks for it, prints each step of the OAuth flow "
                + "with its number (docs/auth-flow.md) and one trace id, and calls tools."
        )
        {
            ToolsCommand.Create(surroundings),
            CallCommand.Create(surroundings),
            TokenCommand.Create(surroundings),
            TraceCommand.Create(surroundings),
            TourCommand.Create(surroundings),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
