using System.Collections.Concurrent;
using System.Reflection;
using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.LocalHosting.Testing;

/// <summary>
/// An AppHost's own <c>Main</c>, run by a test in the test's process: it stops in <c>Build()</c> until the test builds, and in
/// <c>Run()</c> until the test disposes the application.
/// </summary>
internal sealed class EntryPointRun(Assembly appHost, string[] args)
{
    private static readonly AsyncLocal<EntryPointRun?> OfThisFlow = new();
    private static readonly ConcurrentDictionary<DistributedApplication, EntryPointRun> Runs = new();

    private readonly TaskCompletionSource<IDistributedApplicationTestingBuilder> _written = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The test that the calling code runs for, if any.</summary>
    public static EntryPointRun? Current => OfThisFlow.Value;

    /// <summary>Lets the AppHost's <c>Main</c> come to its end.</summary>
    public static void Release(DistributedApplication app)
    {
        if (Runs.TryRemove(app, out var run))
        {
            run._stopped.TrySetResult();
        }
    }

    public Task<IDistributedApplicationTestingBuilder> StartAsync(CancellationToken cancellationToken)
    {
        // A thread of its own, because Main blocks for as long as the application lives.
        _ = Task.Factory.StartNew(Main, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return _written.Task.WaitAsync(cancellationToken);
    }

    public TestingBuilder CreateBuilder(string[] own) =>
        new(
            new EngineOptions
            {
                AppHostAssembly = appHost,
                Args = [.. own, .. args],
                IsTest = true,
            },
            this
        );

    public void ModelIsWritten(IDistributedApplicationTestingBuilder builder) => _written.TrySetResult(builder);

    public Task UntilStoppedAsync() => _stopped.Task;

    public void Register(DistributedApplication app) => Runs[app] = this;

    private void Main()
    {
        OfThisFlow.Value = this;
        try
        {
            var main =
                appHost.EntryPoint ?? throw new InvalidOperationException($"{appHost.GetName().Name} is no program.");
            var parameters = main.GetParameters().Length == 0 ? [] : new object[] { Array.Empty<string>() };
            if (main.Invoke(null, parameters) is Task task)
            {
#pragma warning disable VSTHRD002 // This thread exists to wait.
                task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            }

            _written.TrySetException(
                new InvalidOperationException("The AppHost has ended without building its application.")
            );
        }
        catch (TargetInvocationException exception)
        {
            _written.TrySetException(exception.InnerException!);
        }
    }
}
