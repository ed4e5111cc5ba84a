using System.Text;
using AspireGateway.TestClient.Output;
using AspireGateway.TestClient.SignIn;

namespace AspireGateway.TestClient;

/// <summary>What a run touches besides the network; tests put their own in place.</summary>
internal sealed record Surroundings
{
    /// <summary>Where results go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where complaints about the command line go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Colours and width.</summary>
    public required TerminalStyle Style { get; init; }

    /// <summary>Opens the person's browser.</summary>
    public required IBrowserLauncher Browser { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The real ones.</summary>
    public static Surroundings OfThisProcess()
    {
        Console.OutputEncoding = Encoding.UTF8;
        return new()
        {
            Output = Console.Out,
            Error = Console.Error,
            Style = TerminalStyle.Detect(Environment.GetEnvironmentVariable),
            Browser = new SystemBrowser(),
            Variable = Environment.GetEnvironmentVariable,
        };
    }
}
