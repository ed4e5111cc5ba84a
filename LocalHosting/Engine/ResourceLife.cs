using AspireGateway.Dashboard;

namespace AspireGateway.LocalHosting.Engine;

/// <summary>
/// One resource from waiting to its end: waits for others, starts the process, watches health and exit, stops it. Every
/// step is visible on the board; the console and the dashboard only look there.
/// </summary>
internal sealed class ResourceLife(
    Resource resource,
    ResourceBoard board,
    ResourceLauncher launcher,
    HealthProbe health,
    TimeProvider time
)
{
    // Longer than a process takes to give up a hanging stop by itself (ServiceDefaults' ParentWatch).
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(12);

    private volatile IRunning? _process;

    public Resource Resource { get; } = resource;

    private string Name => Resource.Name;

    private ResourceDefinition Definition => Resource.Definition;

    /// <summary>Lives until the process has ended, or the start was given up.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await WaitForOthersAsync(stopping);
            Become(ResourceState.Starting);
            using var process = _process = await launcher.StartAsync(Resource, board, stopping);
            board.Update(Name, now => now with { ProcessId = process.Id, StartedAt = time.GetUtcNow() });
            Become(ResourceState.Running);
            _ = Definition.HealthChecks.Count == 0 ? CallReadyAsync(stopping) : Task.CompletedTask;
            if (stopping.IsCancellationRequested)
            {
                // The stop came while the process was starting.
                await StopAsync();
            }

            await WatchAsync(process, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Become(ResourceState.NotStarted);
        }
#pragma warning disable CA1031 // Whatever the model's own code throws: unseen, the resource would be starting for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Become(ResourceState.FailedToStart, $"because {exception.Message}");
        }
    }

    /// <summary>Asks the process to stop and waits; does nothing where none runs.</summary>
    public async Task StopAsync()
    {
        if (_process is { Exit.IsCompleted: false } process)
        {
            // Unless it has ended by itself in this very moment.
            board.Update(
                Name,
                static now => now.ProcessId is null ? now : now with { State = ResourceState.Stopping, Detail = null }
            );
            if (!await process.StopAsync(StopTime, time))
            {
                board.Write(Name, $"did not stop within {StopTime.TotalSeconds:0} s and was killed", isError: true);
            }
        }
    }

    /// <summary>Ends the process now.</summary>
    public void Kill() => _process?.Kill();

    /// <summary>Whether others need not wait for it any longer.</summary>
    public static bool IsUp(ResourceSnapshot snapshot, ResourceDefinition definition) =>
        snapshot.State == (definition.HealthChecks.Count == 0 ? ResourceState.Running : ResourceState.Healthy);

    private async Task WaitForOthersAsync(CancellationToken stopping)
    {
        var waits = Definition.Waits;
        while (true)
        {
            var missing = waits
                .Where(wait => !IsMet(wait))
                .Select(static wait => wait.Resource.Name)
                .Distinct(StringComparer.Ordinal)
                .ToList();
            if (missing.Count == 0)
            {
                return;
            }

            Become(ResourceState.Waiting, $"for {string.Join(", ", missing)}");
            await Task.WhenAny(
                missing.Select(name =>
                    board.WaitAsync(name, _ => waits.Where(wait => wait.Resource.Name == name).All(IsMet), stopping)
                )
            );
            stopping.ThrowIfCancellationRequested();
        }
    }

    /// <exception cref="DistributedApplicationException">It can never be met.</exception>
    private bool IsMet(WaitDefinition wait)
    {
        var other = board.Find(wait.Resource.Name)!;
        if (wait.ExitCode is { } exitCode && other.State is ResourceState.Finished or ResourceState.Exited)
        {
            return other.ExitCode == exitCode
                ? true
                : throw new DistributedApplicationException(
                    $"{other.Name} ended with exit code {other.ExitCode} instead of {exitCode}"
                );
        }

        if (other.State is ResourceState.Finished or ResourceState.Exited or ResourceState.FailedToStart)
        {
            throw new DistributedApplicationException($"{other.Name} {Words.Of(other.State)}");
        }

        return wait.ExitCode is null && IsUp(other, ResourceDefinition.Of(wait.Resource));
    }

    private async Task WatchAsync(IRunning process, CancellationToken stopping)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var probe =
            Definition.HealthChecks.Count == 0
                ? Task.CompletedTask
                : health.WatchAsync(Definition.HealthChecks, trouble => ShowHealth(trouble, stopping), watching.Token);
        var exitCode = await process.Exit;
        await watching.CancelAsync();
        await probe.ContinueWith(static _ => { }, TaskScheduler.Default);

        var wasStopped = stopping.IsCancellationRequested;
        if (!wasStopped && exitCode != 0)
        {
            WriteHints();
        }

        board.Update(
            Name,
            now =>
                now with
                {
                    State = wasStopped || exitCode == 0 ? ResourceState.Finished : ResourceState.Exited,
                    Detail = wasStopped ? "because it was stopped" : $"with exit code {exitCode}",
                    ExitCode = exitCode,
                    ProcessId = null,
                }
        );
    }

    private void ShowHealth(string? trouble, CancellationToken stopping)
    {
        var state = board.Find(Name)!.State;
        if (trouble is null && state is ResourceState.Running or ResourceState.Unhealthy)
        {
            var since = time.GetUtcNow() - board.Find(Name)!.StartedAt;
            Become(ResourceState.Healthy, state is ResourceState.Running ? $"after {since?.TotalSeconds:0.0} s" : null);
            _ = state is ResourceState.Running ? CallReadyAsync(stopping) : Task.CompletedTask;
        }
        else if (trouble is not null && state is ResourceState.Healthy)
        {
            Become(ResourceState.Unhealthy, trouble);
        }
    }

    private async Task CallReadyAsync(CancellationToken stopping)
    {
        try
        {
            await Task.WhenAll(Definition.ReadyCallbacks.Select(call => call(stopping)));
        }
#pragma warning disable CA1031 // The model's own code; the resource runs on, whatever goes wrong there.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            board.Write(Name, $"a callback for the ready resource failed: {exception.Message}", isError: true);
        }
    }

    private void WriteHints()
    {
        IReadOnlyList<string> lines =
        [
            .. board.GetLogs(Name, int.MaxValue).Select(static line => Printable.Clean(line.Text)),
        ];
        foreach (var hint in Definition.FailureHints.Select(explain => explain(lines)).OfType<string>())
        {
            board.Write(Name, hint, isError: true);
        }
    }

    private void Become(ResourceState state, string? detail = null) =>
        board.Update(Name, now => now with { State = state, Detail = detail });
}
