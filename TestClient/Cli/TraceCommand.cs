using System.CommandLine;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.Tracing;

namespace AspireGateway.TestClient.Cli;

/// <summary><c>trace ID</c>: draws the flow of an earlier run, from what the dashboard has received of everybody who took part.</summary>
internal static class TraceCommand
{
    private const int Succeeded = 0;

    public static Command Create(Surroundings surroundings)
    {
        Argument<string> id = new("ID") { Description = "Trace id, as every run prints it: 32 hexadecimal digits" };
        Option<string> dashboard = new("--dashboard")
        {
            Description =
                $"Address of the dashboard as it was printed, login token included (or {DashboardAddress.Variable})",
            HelpName = "URL",
        };
        Command command = new("trace", "Draw the flow of a trace as text, from the dashboard's data") { id, dashboard };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var trace = Trace(parsed.GetValue(id)!);
                var address = Address(parsed.GetValue(dashboard) ?? surroundings.Variable(DashboardAddress.Variable));
                var flow = await new DashboardReader(address).ReadAsync(trace, cancellationToken);
                FlowText.Print(new Terminal(surroundings.Output, surroundings.Style, new Secrets()), flow);
                return Succeeded;
            }
        );
        return command;
    }

    private static string Trace(string id) =>
        id.Length == 32 && id.All(char.IsAsciiHexDigit)
            ? id.ToLowerInvariant()
            : throw new ClientFailure(
                $"'{Printable.OneLine(id)}' is no trace id.",
                "It is what a run prints behind the word trace: 32 hexadecimal digits."
            );

    private static DashboardAddress Address(string? text) =>
        DashboardAddress.Read(text)
        ?? throw new ClientFailure(
            "Where is the dashboard?",
            $"Name it with the address that it printed when it started: --dashboard 'http://localhost:5170/login?t=…', or set {DashboardAddress.Variable}."
        );
}
