using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace AspireGateway.Gateway.IntegrationTests.NpmClients;

/// <summary>The Node.js that tests may run, if this machine has one that is new enough.</summary>
internal static class NodeOfThisMachine
{
    private const string Variable = "NODE";
    private const int Oldest = 22;

    /// <summary>Path of the program.</summary>
    public static string Program { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : "node";

    /// <summary>Why its tests are skipped, or null where they run.</summary>
    public static string? Missing { get; } = Explain();

    private static string? Explain()
    {
        const string remedy = $"install Node.js, or name its program in {Variable}, to run this test.";
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(Program, ["-p", "process.versions.node"])
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                }
            )!;
            var version = process.StandardOutput.ReadToEnd().Trim();
            return int.TryParse(version.Split('.')[0], CultureInfo.InvariantCulture, out var major) && major >= Oldest
                ? null
                : $"Node.js {Oldest} or newer is needed, and {Program} is {version}: {remedy}";
        }
        catch (Win32Exception)
        {
            return $"Node.js {Oldest} or newer is needed, and there is no {Program}: {remedy}";
        }
    }
}
