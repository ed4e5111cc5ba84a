using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AspireGateway.Gateway.IntegrationTests.Systems;

/// <summary>The test client as the program that people run.</summary>
internal static partial class TestClientProgram
{
    /// <summary>Runs it to its end, which must be a success.</summary>
    /// <param name="telemetry">Where it sends its spans.</param>
    /// <param name="arguments">Its command line.</param>
    /// <returns>What it wrote, and the trace id in it.</returns>
    public static async Task<(string Output, string Trace)> RunAsync(TelemetryTee telemetry, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly(), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in telemetry.VariablesOf("testclient"))
        {
            start.Environment[name] = value;
        }

        start.Environment["TESTCLIENT_PASSWORD"] = ComposedSystem.Password;
        start.Environment["TESTCLIENT_THIRD_PARTY_PASSWORD"] = ComposedSystem.Password;
        start.Environment["FLOW_DASHBOARD_URL"] = telemetry.DashboardUrl.AbsoluteUri;
        start.Environment["NO_COLOR"] = "1";
        using var program =
            Process.Start(start) ?? throw new InvalidOperationException("The test client did not start.");
        var error = program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        program.ExitCode.ShouldBe(0, output + await error);
        return (output, TraceLine().Match(output).Groups["id"].Value);
    }

    // artifacts/bin/<these tests>/<configuration>/ → artifacts/bin/TestClient/<configuration>/testclient.dll
    private static string Assembly()
    {
        var here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        return Path.GetFullPath(Path.Combine(here, "..", "..", "TestClient", Path.GetFileName(here), "testclient.dll"));
    }

    [GeneratedRegex("trace (?<id>[0-9a-f]{32})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TraceLine();
}
