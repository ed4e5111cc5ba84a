using AspireGateway.LocalHosting.Engine;

namespace AspireGateway.LocalHosting.Testing;

/// <summary>The model that a test sees, and that an AppHost's own code writes when a test runs it.</summary>
internal sealed class TestingBuilder(EngineOptions options, EntryPointRun? run = null)
    : DistributedApplicationBuilder(options),
        IDistributedApplicationTestingBuilder
{
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    // Called by the AppHost's code, which then waits for the test.
    public override DistributedApplication Build()
    {
        run?.ModelIsWritten(this);
        if (run is not null)
        {
#pragma warning disable VSTHRD002 // The AppHost's code is synchronous, and runs on a thread of its own.
            _mayBuild.Task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }

        var app = base.Build();
        run?.Register(app);
        _built.SetResult(app);
        return app;
    }

    // Called by the test.
    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        if (run is null)
        {
            return Task.FromResult(base.Build());
        }

        _mayBuild.TrySetResult();
        return _built.Task.WaitAsync(cancellationToken);
    }
}
