using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AspireGateway.ServiceDefaults;

/// <summary>
/// Ties a process to the engine that started it: with <c>LocalHosting__ParentWatch=stdin</c> the process stops when its
/// standard input ends. The operating system closes that pipe however the engine dies, <c>kill -9</c> included, so no
/// process is left behind. It is also how the engine asks for a graceful stop, because it is the same on every platform.
/// </summary>
/// <remarks>
/// Ctrl-C in a terminal reaches every process of the group at once. Watched processes ignore it, since the engine stops
/// them in reverse order; SIGTERM is obeyed as always.
/// </remarks>
public sealed class ParentWatch : IHostLifetime, IDisposable
{
    private const string GraceSetting = "LocalHosting:GracePeriod";

    private const string Setting = "LocalHosting:ParentWatch";

    // One per process: there is one standard input, and it must be read from the first moment, before any host exists.
    private static readonly Lazy<CancellationToken> End = new(Start, LazyThreadSafetyMode.ExecutionAndPublication);

    private static readonly List<IDisposable> KeptAlive = [];

    // Time for a graceful stop after the parent has ended; then the process kills itself. Shorter in tests only.
    private static TimeSpan _gracePeriod = TimeSpan.FromSeconds(10);

    private readonly IHostApplicationLifetime _application;
    private readonly List<PosixSignalRegistration> _signals = [];

    /// <summary>Created by the container.</summary>
    public ParentWatch(IHostApplicationLifetime application) => _application = application;

    /// <summary>
    /// For programs without a host: cancelled when the parent has ended, never where nothing watches. The program is
    /// killed ten seconds later if it is still there.
    /// </summary>
    public static CancellationToken ParentEnded(IConfiguration configuration) =>
        IsOn(configuration) ? End.Value : CancellationToken.None;

    /// <inheritdoc />
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        End.Value.Register(StopWithParent);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGQUIT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, Stop));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public void Dispose() => _signals.ForEach(static signal => signal.Dispose());

    internal static void AddTo(IHostApplicationBuilder builder)
    {
        if (IsOn(builder.Configuration))
        {
            _gracePeriod = builder.Configuration.GetValue(GraceSetting, _gracePeriod);
            _ = End.Value;
            builder.Services.AddSingleton<IHostLifetime, ParentWatch>();
        }
    }

    private static bool IsOn(IConfiguration configuration) => configuration[Setting] == "stdin";

    private void StopWithParent()
    {
        if (!_application.ApplicationStarted.IsCancellationRequested)
        {
            // Nothing to drain yet, and a start that is cancelled half way ends in an exception.
            Environment.Exit(0);
        }

        _application.StopApplication();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _application.StopApplication();
    }

    private static CancellationToken Start()
    {
        var ended = new CancellationTokenSource();
        KeptAlive.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true));
        var watch = new Thread(() =>
        {
            ReadToEnd();
            KeptAlive.Add(new Timer(static _ => Kill(), null, _gracePeriod, Timeout.InfiniteTimeSpan));
            ended.Cancel();
        });
        watch.IsBackground = true;
        watch.Start();
        return ended.Token;
    }

    private static void Kill()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    private static void ReadToEnd()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> buffer = stackalloc byte[256];
        while (input.Read(buffer) > 0)
        {
            // What is written there has no meaning; only the end has.
        }
    }
}
