using System.Diagnostics;

namespace AspireGateway.AppHost.Keycloak;

/// <summary>One start of Keycloak that only goes as far as compiling itself.</summary>
internal sealed class KeycloakCompilation
{
    // Keycloak writes this when it has compiled itself and starts. Without it (another version) its end is waited for.
    private const string Compiled = "Running the server in development mode";

    private readonly List<string> _lines = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _compiled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether Keycloak itself said that it is done.</summary>
    public bool IsDone => _compiled.Task.IsCompleted;

    /// <summary>What it wrote.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public async Task RunAsync(
        string home,
        IReadOnlyDictionary<string, string> options,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(Path.Combine(home, KeycloakInstallation.Script), ["start-dev"])
        {
            UseShellExecute = false,
            WorkingDirectory = home,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in options)
        {
            start.Environment[name] = value;
        }

        // There is no such database: were nobody left to stop this Keycloak, it would stop by itself.
        start.Environment["KC_DB_URL"] = "jdbc:h2:tcp://127.0.0.1:1/none";

        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await await Task.WhenAny(_compiled.Task, process.WaitForExitAsync(cancellationToken));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private void Read(string? line)
    {
        if (string.IsNullOrEmpty(line))
        {
            return;
        }

        lock (_gate)
        {
            _lines.Add(line);
        }

        if (line.StartsWith(Compiled, StringComparison.Ordinal))
        {
            _compiled.TrySetResult();
        }
    }
}
