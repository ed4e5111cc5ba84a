using System.Collections.Concurrent;
using System.Diagnostics;

namespace AspireGateway.ReplicaTrials.Cluster;

/// <summary>One gateway process after the other, on one port. Each of them is an incarnation.</summary>
internal sealed class Replica(int index, int port, Func<Replica, IReadOnlyDictionary<string, string>> environment)
    : IAsyncDisposable
{
    private const int KeptLines = 1000;
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;
    private Task _drained = Task.CompletedTask;

    public int Index => index;

    public string Url { get; } = $"http://127.0.0.1:{port}";

    /// <summary>The process that runs now, or ran last.</summary>
    public Incarnation Now { get; private set; } = new(0);

    /// <summary>Whether requests may be sent to it.</summary>
    public bool IsUp { get; private set; }

    /// <summary>The last lines that its processes wrote.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Starts a process and waits until it is healthy.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var assembly = Path.GetFullPath($"../../Gateway/{configuration}/Gateway.dll", AppContext.BaseDirectory);
        var start = new ProcessStartInfo("dotnet", [assembly, "--urls", Url])
        {
            WorkingDirectory = Path.GetDirectoryName(assembly),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment(this))
        {
            start.Environment[name] = value;
        }

        Now = new Incarnation(Now.Number + 1);
        _process = Process.Start(start)!;
        _drained = Task.WhenAll(DrainAsync(_process.StandardOutput), DrainAsync(_process.StandardError));
        await WaitAsync(cancel);
        IsUp = true;
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        Now.KilledAt = TimeProvider.System.GetUtcNow();
        _process!.Kill();
        IsUp = false;
        await _process.WaitForExitAsync();
        await _drained;
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _http.Dispose();
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await _http.GetAsync(Url + "/health", cancel);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
                cancel.ThrowIfCancellationRequested();
            }

            if (_process!.HasExited || Stopwatch.GetElapsedTime(started) > StartTime)
            {
                throw new InvalidOperationException($"Replica {index} did not start:\n{string.Join('\n', _log)}");
            }

            await Task.Delay(25, cancel);
        }
    }

    private async Task DrainAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _log.Enqueue(line);
            if (_log.Count > KeptLines)
            {
                _log.TryDequeue(out _);
            }
        }
    }
}

/// <summary>One process of a replica.</summary>
internal sealed class Incarnation(int number)
{
    public int Number => number;

    /// <summary>When it was killed; null while it lives.</summary>
    public DateTimeOffset? KilledAt { get; set; }
}
