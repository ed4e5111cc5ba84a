using AspireGateway.TestClient.Cli;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.SignIn;
using AspireGateway.TestClient.Tests.Fakes;

namespace AspireGateway.TestClient.Tests;

/// <summary>Runs the program in this process, as a shell would, and keeps what it said.</summary>
internal sealed record TestRun(int ExitCode, string Output, string Error)
{
    public static readonly string[] AsAlice = ["--user", FakeBehaviour.User];

    public string Everything => Output + Error;

    /// <summary>The last line that says anything.</summary>
    public IReadOnlyList<string> Lines =>
        Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The numbers of the steps that were printed, without repetitions in a row.</summary>
    public IReadOnlyList<string> Steps
    {
        get
        {
            List<string> steps = [];
            foreach (
                var step in Lines
                    .Select(static line => line.Split(' ')[0])
                    .Where(static word => word is ['A' or 'B', >= '1' and <= '9', ..])
            )
            {
                if (steps.LastOrDefault() != step)
                {
                    steps.Add(step);
                }
            }

            return steps;
        }
    }

    public static Task<TestRun> OfAsync(
        IEnumerable<string> args,
        IReadOnlyDictionary<string, string>? variables = null,
        IBrowserLauncher? browser = null,
        TextWriter? output = null,
        TimeProvider? time = null
    ) => StoppableAsync(args, TestContext.Current.CancellationToken, variables, browser, output, time);

    /// <summary>The same, stopped as Ctrl-C would.</summary>
    public static async Task<TestRun> StoppableAsync(
        IEnumerable<string> args,
        CancellationToken stop,
        IReadOnlyDictionary<string, string>? variables = null,
        IBrowserLauncher? browser = null,
        TextWriter? output = null,
        TimeProvider? time = null
    )
    {
        using var written = new StringWriter();
        using var error = new StringWriter();
        variables ??= new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["TESTCLIENT_PASSWORD"] = FakeBehaviour.Password,
        };
        var surroundings = new Surroundings
        {
            Output = output ?? written,
            Error = error,
            Style = new TerminalStyle(Ansi: false, TableWidth: 120),
            Browser = browser ?? new NoBrowser(),
            Variable = variables.GetValueOrDefault,
            Time = time ?? TimeProvider.System,
        };
        var exitCode = await CommandLine.RunAsync([.. args], surroundings, stop);
        return new(exitCode, written.ToString(), error.ToString());
    }

    private sealed class NoBrowser : IBrowserLauncher
    {
        public bool TryOpen(Uri url) => false;
    }
}
