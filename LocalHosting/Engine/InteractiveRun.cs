using System.Reflection;
using System.Runtime.InteropServices;
using AspireGateway.Dashboard;
using Microsoft.Extensions.Configuration;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>
/// A run that a person watches: console, signals, exit code. The first Ctrl-C stops everything in order, a second one kills.
/// </summary>
internal sealed class InteractiveRun
{
    private const int Success = 0;
    private const int Failure = 1;

    // So that what depends on a failed resource can say so before everything stops.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(300);

    private static readonly ConsoleStyle Style = ConsoleStyle.ForThisTerminal();

    private readonly SystemEngine _engine;
    private readonly DistributedApplicationBuilder _model;
    private readonly ConsoleReporter _console;
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public InteractiveRun(DistributedApplication app)
    {
        _engine = app.Engine;
        _model = app.Model;
        _console = new ConsoleReporter(Style, _engine);
    }

    // In a terminal the rest stays up after a failure, to be looked at; where nobody can look, the run ends.
    private bool StaysUp => _model.Configuration.GetValue("LocalHosting:StayUp", !Console.IsOutputRedirected);

    /// <summary>Says which engine this is and why, and begins a model.</summary>
    public static DistributedApplicationBuilder CreateBuilder(string[] args)
    {
        var appHost = Assembly.GetEntryAssembly();
        var reason = appHost
            ?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(static entry => entry.Key == "HostingEngineReason")
            ?.Value;
        Style.Output.WriteLine($"Hosting engine: local, because {reason ?? "it was referenced"}.");
        AppDomain.CurrentDomain.UnhandledException += static (_, thrown) => RefuseModel(thrown.ExceptionObject);
        return new DistributedApplicationBuilder(
            new EngineOptions
            {
                AppHostAssembly = appHost,
                Args = args,
                HasColor = Style.HasColor,
            }
        );
    }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        await using var cancelled = cancellationToken.Register(() => _stop.TrySetResult());
        _engine.Board.OnStateChange(StopAfterFailure);
        try
        {
            await _engine.StartAsync(cancellationToken);
            _console.ShowDashboard();
        }
        catch (DistributedApplicationException exception)
        {
            _console.ShowRefusal(exception.Message);
            return Failure;
        }

        await _stop.Task;
        _console.ShowStopping();
        await _engine.StopAsync();
        _console.ShowStopped();
        return _engine.Failed ? Failure : Success;
    }

    // A mistake in the model or its configuration: a message is worth more than a stack trace.
    private static void RefuseModel(object thrown)
    {
        if (thrown is DistributedApplicationException mistake)
        {
            Style.Output.WriteLine(Style.Paint($"✘ {mistake.Message}", ConsoleStyle.Red));
            Environment.Exit(Failure);
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_stop.TrySetResult())
        {
            _engine.Kill();
        }
    }

    private void StopAfterFailure(ResourceSnapshot before, ResourceSnapshot now)
    {
        if (!StaysUp && _engine.IsFailure(now) && _engine.IsService(now.Name))
        {
            _ = Task.Delay(LastWords, _model.Options.Time)
                .ContinueWith(_ => _stop.TrySetResult(), TaskScheduler.Default);
        }
    }
}
