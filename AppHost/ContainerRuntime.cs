using System.ComponentModel;
using System.Diagnostics;

namespace AspireGateway.AppHost;

/// <summary>Docker or Podman, if one of them is not only installed but also running.</summary>
internal static class ContainerRuntime
{
    // A stopped Docker Desktop answers at once, one that is just starting perhaps never.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // Aspire's own settings for the one to use.
    private static readonly string[] Settings = ["ASPIRE_CONTAINER_RUNTIME", "DOTNET_ASPIRE_CONTAINER_RUNTIME"];

    /// <summary>Name of the one that Aspire would use, or null where none answers.</summary>
    public static string? Find() =>
        Find(
            Settings
                .Select(Environment.GetEnvironmentVariable)
                .FirstOrDefault(static name => !string.IsNullOrEmpty(name))
                is { } chosen
                ? [chosen]
                : ["docker", "podman"],
            Patience
        );

    /// <summary>The first of the programs that answers in time; all are asked at once.</summary>
    internal static string? Find(IReadOnlyList<string> programs, TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        var answers = programs.Select(program => AnswersAsync(program, timeout.Token)).ToList();
#pragma warning disable VSTHRD002 // The model is written synchronously, without a context that could deadlock.
        return programs.Zip(answers).FirstOrDefault(static pair => pair.Second.GetAwaiter().GetResult()).First;
#pragma warning restore VSTHRD002
    }

    private static async Task<bool> AnswersAsync(string program, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, ["info"])
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            try
            {
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode == 0;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return false;
            }
        }
        catch (Win32Exception)
        {
            // Not installed.
            return false;
        }
    }
}
