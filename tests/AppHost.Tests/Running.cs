using AspireGateway.AppHost.TestApp;
using AspireGateway.Dashboard;
using AspireGateway.LocalHosting.Testing;

namespace AspireGateway.AppHost.Tests;

/// <summary>A model of test programs that runs for one test.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly List<(string Name, ResourceState State)> _states = [];

    private Running(DistributedApplication app)
    {
        App = app;
        app.Engine.Board.OnStateChange(
            (before, now) =>
            {
                if (before.State != now.State)
                {
                    _states.Add((now.Name, now.State));
                }
            }
        );
    }

    public DistributedApplication App { get; }

    /// <summary>Every change so far, in order. Ask when all is quiet.</summary>
    public IReadOnlyList<(string Name, ResourceState State)> States => _states;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Running> StartAsync(Action<IDistributedApplicationBuilder> write, params string[] args)
    {
        var running = await BuildAsync(write, args);
        await running.App.StartAsync(Cancellation);
        return running;
    }

    public static async Task<Running> BuildAsync(Action<IDistributedApplicationBuilder> write, params string[] args)
    {
        var builder = DistributedApplicationTestingBuilder.Create(args);
        write(builder);
        return new Running(await builder.BuildAsync(Cancellation));
    }

    public Task HealthyAsync(string resource) =>
        App.ResourceNotifications.WaitForResourceHealthyAsync(resource, Cancellation);

    public async Task<ResourceSnapshot> EndAsync(string resource)
    {
        await App.ResourceNotifications.WaitForResourceAsync(
            resource,
            KnownResourceStates.TerminalStates,
            Cancellation
        );
        return Now(resource);
    }

    public ResourceSnapshot Now(string resource) => App.Engine.Board.Find(resource)!;

    /// <summary>What the running resource finds in its environment.</summary>
    public async Task<string> VariableAsync(string resource, string name)
    {
        using var http = App.CreateHttpClient(resource);
        return await http.GetStringAsync($"/env/{name}", Cancellation);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}

/// <summary>Short ways to say what most tests need.</summary>
internal static class ModelExtensions
{
    public static IResourceBuilder<ProjectResource> AddService(
        this IDistributedApplicationBuilder builder,
        string name
    ) => builder.AddProject<TestAppProject>(name).WithHttpHealthCheck("/health");

    public static IResourceBuilder<ProjectResource> AddJob(
        this IDistributedApplicationBuilder builder,
        string name,
        int exitCode,
        params string[] lines
    ) =>
        builder
            .AddProject<TestAppProject>(name, launchProfileName: "console")
            .WithArgs(["exit", $"{exitCode}", .. lines]);
}
