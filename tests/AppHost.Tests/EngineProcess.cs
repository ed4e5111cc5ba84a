using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AspireGateway.AppHost.TestApp;

namespace AspireGateway.AppHost.Tests;

/// <summary>The local engine as a person runs it: a process of its own, with the test program's little system.</summary>
internal sealed partial class EngineProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Task _output;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineProcess(Process process)
    {
        _process = process;
        _output = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Every process below the engine; each has said its number.</summary>
    public IReadOnlyList<int> Below => [.. Numbers.Select(static entry => entry.Id)];

    private IEnumerable<(string Kind, int Id)> Numbers =>
        Lines
            .Select(static line => OwnNumber().Match(line))
            .Where(static match => match.Success)
            .Select(static match =>
                (match.Groups["kind"].Value, int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture))
            );

    public static EngineProcess Start(int port, params string[] settings)
    {
        var program = typeof(TestAppProject).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", ["exec", program, "engine", "--Port", $"{port}", .. settings])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        foreach (var name in (string[])["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"])
        {
            start.Environment.Remove(name);
        }

        // How long a resource tries to deliver its telemetry when the engine, and with it the dashboard, was killed.
        start.Environment["LocalHosting__GracePeriod"] = "00:00:03";
        return new EngineProcess(Process.Start(start)!);
    }

    /// <summary>Waits until everything has started and the job has ended.</summary>
    public async Task IsUpAsync()
    {
        await SaysAsync("RESOURCE");
        await SaysAsync("daemon process");
        await SaysAsync("● has ended");
    }

    public async Task SaysAsync(string text)
    {
        var patience = Task.Delay(Patience, TestContext.Current.CancellationToken);
        while (true)
        {
            Task next;
            lock (_lines)
            {
                if (_lines.Exists(line => line.Contains(text, StringComparison.Ordinal)))
                {
                    return;
                }

                next = _next.Task;
            }

            var first = await Task.WhenAny(next, _output, patience);
            if (first != next && !Lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
            {
                throw new TimeoutException($"The engine did not say '{text}', but:\n{string.Join('\n', Lines)}");
            }
        }
    }

    /// <summary>The process that called itself so, the first of several.</summary>
    public int NumberOf(string kind) => Numbers.First(entry => entry.Kind == kind).Id;

    /// <summary>Sends a signal to the engine alone.</summary>
    public void Signal(int signal) => Processes.Signal(Id, signal);

    public async Task<int> ExitCodeAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"The engine does not end. It said:\n{string.Join('\n', Lines)}", exception);
        }

        return _process.ExitCode;
    }

    /// <summary>Place of the first line with the text among all lines.</summary>
    public int IndexOf(string text)
    {
        var index = Lines.ToList().FindIndex(line => line.Contains(text, StringComparison.Ordinal));
        index.ShouldBeGreaterThanOrEqualTo(0, $"'{text}' in:\n{string.Join('\n', Lines)}");
        return index;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        foreach (var left in await Processes.StillThereAsync(Below))
        {
            Processes.Signal(left, Processes.KillHard);
        }

        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            TaskCompletionSource said;
            lock (_lines)
            {
                _lines.Add(line);
                (said, _next) = (_next, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            said.SetResult();
        }
    }

    [GeneratedRegex(@"│ (?<kind>\w+) process (?<id>\d+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OwnNumber();
}
