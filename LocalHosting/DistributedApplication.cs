using AspireGateway.LocalHosting.Engine;
using AspireGateway.LocalHosting.Testing;

namespace AspireGateway.LocalHosting;

/// <summary>A model that can run.</summary>
public class DistributedApplication : IAsyncDisposable
{
    internal DistributedApplication(DistributedApplicationBuilder model)
    {
        Model = model;
        Engine = new SystemEngine(model);
        ResourceNotifications = new ResourceNotificationService(Engine.Board, model.Resources);
    }

    /// <summary>Tells how the resources are.</summary>
    public ResourceNotificationService ResourceNotifications { get; }

    internal DistributedApplicationBuilder Model { get; }

    internal SystemEngine Engine { get; }

    /// <summary>Begins a model.</summary>
    /// <param name="args">Command line of the AppHost.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) =>
        EntryPointRun.Current?.CreateBuilder(args) ?? InteractiveRun.CreateBuilder(args);

    /// <summary>Runs the system until a person stops it; the process then ends with 1 when anything had failed.</summary>
#pragma warning disable VSTHRD002 // Aspire's signature; a console program has no context that could deadlock.
    public void Run() => RunAsync().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    /// <inheritdoc cref="Run" />
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (EntryPointRun.Current is { } test)
        {
            await test.UntilStoppedAsync();
            return;
        }

        await using (this)
        {
            Environment.ExitCode = await new InteractiveRun(this).RunAsync(cancellationToken);
        }
    }

    /// <summary>Starts the resources and returns; <see cref="ResourceNotifications"/> tells what becomes of them.</summary>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) =>
        Engine.StartAsync(cancellationToken);

    /// <summary>Stops the resources.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) =>
        Engine.StopAsync().WaitAsync(cancellationToken);

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        EntryPointRun.Release(this);
        GC.SuppressFinalize(this);
    }
}
