using System.CommandLine;
using AspireGateway.TestClient.Running;
using AspireGateway.TestClient.Tour;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.TestClient.Cli;

/// <summary><c>tour URL</c>: tries every feature of MCP with every revision, and shows a table.</summary>
internal static class TourCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var connection = new ConnectionArguments();
        Option<string?> target = new("--target")
        {
            Description = "Tour the endpoint of this target of the gateway too: URL/NAME",
            HelpName = "NAME",
        };
        Command command = new(
            "tour",
            "Walk through every feature of MCP with every revision; the server must be the sample 'everything', or have it behind it"
        );
        connection.AddTo(command, withJson: false);
        command.Add(target);
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var settings = connection.Read(parsed, surroundings.Variable);
                var run = new Run("tour", settings, surroundings);
                return run.ExecuteAsync(
                    (_, report, _, cancel) =>
                        WorkAsync(run, report, Routes(settings.Server, parsed.GetValue(target)), cancel),
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static async Task WorkAsync(
        Run run,
        RunReport report,
        IReadOnlyList<Uri> routes,
        CancellationToken cancellationToken
    )
    {
        var guide = new Guide(run.Tokens.Current?.AccessToken, NullLoggerFactory.Instance);
        report.Tour = await guide.LeadAsync(routes, cancellationToken);
        var failed = report.Tour.Count(static cell => cell.Reason is not null);
        if (failed > 0)
        {
            throw new ClientFailure(
                $"{failed} of {report.Tour.Count(static cell => cell.Exists)} visits failed.",
                "The numbers in the table stand for the reasons below it."
            );
        }
    }

    private static Uri[] Routes(Uri server, string? target) =>
        target is null ? [server] : [new($"{server.AbsoluteUri.TrimEnd('/')}/{target}"), server];
}
