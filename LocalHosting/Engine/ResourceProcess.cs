using System.Diagnostics;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>
/// A running process. It is asked to stop by ending its standard input, which also happens by itself when the engine is
/// killed; so the same path serves both, on every platform.
/// </summary>
internal sealed class ResourceProcess : IRunning
{
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Task _output;

    private ResourceProcess(Process process, Action<string, bool> line)
    {
        _process = process;
        _output = Task.WhenAll(
            ReadAsync(process.StandardOutput, text => line(text, false)),
            ReadAsync(process.StandardError, text => line(text, true))
        );
        Exit = WaitAsync();
    }

    public int Id => _process.Id;

    /// <summary>Completes with the exit code, after the last line of output.</summary>
    public Task<int> Exit { get; }

    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static ResourceProcess Start(ProcessStartInfo start, Action<string, bool> line)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        return new ResourceProcess(process, line);
    }

    /// <summary>Asks to stop, and kills what is still there after the time.</summary>
    /// <returns>Whether it stopped by itself.</returns>
    public async Task<bool> StopAsync(TimeSpan time, TimeProvider clock)
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Already gone.
        }

        try
        {
            await Exit.WaitAsync(time, clock);
            return true;
        }
        catch (TimeoutException)
        {
            Kill();
            await Exit;
            return false;
        }
    }

    /// <summary>Ends the process and all that it started, now.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // Already gone.
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();

        // A grandchild may keep the pipes open for ever.
        await Task.WhenAny(_output, Task.Delay(OutputGrace));
        return _process.ExitCode;
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> line)
    {
        while (await reader.ReadLineAsync() is { } text)
        {
            line(Printable.CleanButColors(text));
        }
    }
}
