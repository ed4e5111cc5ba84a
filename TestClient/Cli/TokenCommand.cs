using System.CommandLine;
using AspireGateway.TestClient.Running;

namespace AspireGateway.TestClient.Cli;

/// <summary><c>token URL</c>: prints an access token and nothing else, for scripts.</summary>
internal static class TokenCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var connection = new ConnectionArguments();
        Command command = new("token", "Sign in and print the access token; everything else goes to the error output");
        connection.AddTo(command, withJson: false);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var run = new Run("token", connection.Read(parsed, surroundings.Variable), surroundings)
                {
                    ReportTo = surroundings.Error,
                    IsForToken = true,
                };
                var exitCode = await run.ExecuteAsync((_, _, _, _) => CheckAsync(run), cancellationToken);
                if (exitCode == 0)
                {
                    // The one secret that is printed, because somebody asked for it.
                    await surroundings.Output.WriteLineAsync(run.Tokens.Current!.AccessToken);
                }

                return exitCode;
            }
        );
        return command;
    }

    private static Task CheckAsync(Run run) =>
        run.Tokens.Current is null
            ? throw new ClientFailure("The server asks for no token.", "It can be called without one.")
            : Task.CompletedTask;
}
